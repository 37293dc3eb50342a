import { describeDuration, formatDuration } from '../kube/duration';
import type { MeshObjects } from '../MeshObjects';
import { type ChangeEnd, withEnd } from './changeEnd';
import type { ChangePlan } from './ChangePlan';
import {
  editRule,
  requireDuration,
  requireHttpRoute,
  requireWhole,
  type RuleAnswer,
  type ServiceName,
} from './editRule';
import { EditRefused } from './EditRefused';

const MOST_DELAY_MS = 60_000;

/** @public */
export interface FaultAnswers extends RuleAnswer {
  delay?: { percent: number; delayMs: number };
  abort?: { percent: number; httpStatus: number };
}

/**
 * Makes some requests slow or fail on purpose; without either, ends that.
 *
 * @throws EditRefused
 * @public
 */
export function planFault(
  set: MeshObjects,
  service: ServiceName,
  { rule, delay, abort }: FaultAnswers,
): ChangePlan {
  if (delay) {
    requireWhole('The share of delayed requests', delay.percent, [1, 100]);
    requireDuration('The delay', delay.delayMs, MOST_DELAY_MS);
  }
  if (abort) {
    requireWhole('The share of failing requests', abort.percent, [1, 100]);
    requireWhole('The status', abort.httpStatus, [400, 599]);
  }
  const value =
    delay || abort
      ? {
          ...(delay && {
            delay: {
              fixedDelay: formatDuration(delay.delayMs),
              percentage: { value: delay.percent },
            },
          }),
          ...(abort && {
            abort: {
              httpStatus: abort.httpStatus,
              percentage: { value: abort.percent },
            },
          }),
        }
      : undefined;
  const edit = editRule(set, service, { rule }, written => {
    requireHttpRoute(written, 'fault');
    return [{ at: [...written.at, 'fault'], value }];
  });
  const parts = [
    delay &&
      `${delay.percent} % of requests wait ${describeDuration(delay.delayMs)}`,
    abort && `${abort.percent} % are answered ${abort.httpStatus}`,
  ].filter(Boolean);
  return {
    edits: [edit],
    sentence: parts.length
      ? `${parts.join(', and ')}, on purpose.`
      : 'No request is slowed down or failed on purpose any more.',
  };
}

/**
 * The same, for a time: what is slowed down or failed on purpose has an end.
 *
 * @throws EditRefused also where nothing is to be slowed down or failed, or where something is for a time already.
 * @public
 */
export function planTimedFault(
  set: MeshObjects,
  service: ServiceName,
  answers: FaultAnswers,
  end: ChangeEnd,
): ChangePlan {
  if (!answers.delay && !answers.abort) {
    throw new EditRefused('Say how many requests are to wait, or to fail.');
  }
  const { edits, sentence } = planFault(set, service, answers);
  const at = answers.rule?.at ?? ['spec', 'http', 0];
  return {
    edits: edits.map(edit => withEnd(edit, [...at, 'fault'], end)),
    sentence,
  };
}
