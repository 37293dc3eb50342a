import {
  describeDuration,
  formatDuration,
  parseDurationMs,
} from '../kube/duration';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
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

const MOST_ATTEMPTS = 10;
const MOST_MS = 600_000;

/** @public */
export interface RetryAnswers extends RuleAnswer {
  /** Absent: Istio's default, two more tries where a request cannot have done anything yet; 0: none. */
  attempts?: number;
  perTryTimeoutMs?: number;
  /** Conditions as Envoy names them, `5xx,reset`. */
  retryOn?: string;
}

/**
 * Sets how often, when and for how long each a request is tried again.
 *
 * @throws EditRefused
 * @public
 */
export function planRetries(
  set: MeshObjects,
  service: ServiceName,
  { rule, attempts, perTryTimeoutMs, retryOn }: RetryAnswers,
): ChangePlan {
  checkAnswers({ attempts, perTryTimeoutMs, retryOn });
  const edit = editRule(set, service, { rule }, written => {
    requireHttpRoute(written, 'retries');
    const at = [...written.at, 'retries'];
    const whole = parseDurationMs(written.rule.timeout);
    if (perTryTimeoutMs && whole && perTryTimeoutMs >= whole) {
      throw new EditRefused(
        `Each try may take ${describeDuration(
          perTryTimeoutMs,
        )}, and the whole request ${describeDuration(
          whole,
        )}: there would be no second try. Shorten the one or lengthen the other.`,
      );
    }
    if (attempts === undefined) {
      return [{ at, value: undefined }];
    }
    const perTryTimeout =
      perTryTimeoutMs === undefined
        ? undefined
        : formatDuration(perTryTimeoutMs);
    return attempts === 0
      ? [{ at, value: { attempts: 0 } }]
      : [
          { at: [...at, 'attempts'], value: attempts },
          { at: [...at, 'perTryTimeout'], value: perTryTimeout },
          { at: [...at, 'retryOn'], value: retryOn },
        ];
  });
  return { edits: [edit], sentence: sentenceOf(attempts, perTryTimeoutMs) };
}

function checkAnswers({
  attempts,
  perTryTimeoutMs,
  retryOn,
}: Omit<RetryAnswers, 'rule'>): void {
  if (attempts !== undefined) {
    requireWhole('The number of retries', attempts, [0, MOST_ATTEMPTS]);
  }
  if (!attempts && (perTryTimeoutMs !== undefined || retryOn !== undefined)) {
    throw new EditRefused(
      'Without retries there is nothing that a timeout of each try or a condition could say.',
    );
  }
  if (perTryTimeoutMs !== undefined) {
    requireDuration('The timeout of each try', perTryTimeoutMs, MOST_MS);
  }
  const odd = itemsOf(retryOn?.split(',')).find(
    (word: string) => !/^([a-z0-9-]{2,40}|[1-5]\d\d)$/.test(word.trim()),
  );
  if (odd !== undefined) {
    throw new EditRefused(
      `"${odd}" is no condition to try again; expected such as 5xx, reset, connect-failure or a status.`,
    );
  }
}

function sentenceOf(attempts?: number, perTryTimeoutMs?: number): string {
  if (attempts === undefined) {
    return 'Failed requests are tried again as Istio does by default: twice, where they cannot have done anything yet.';
  }
  if (attempts === 0) {
    return 'Failed requests are not tried again.';
  }
  const times = attempts === 1 ? 'once more' : `up to ${attempts} more times`;
  const each =
    perTryTimeoutMs === undefined
      ? ''
      : `, each for at most ${describeDuration(perTryTimeoutMs)}`;
  return `Failed requests are tried ${times}${each}.`;
}
