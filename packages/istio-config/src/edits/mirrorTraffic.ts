import type { MeshObjects } from '../MeshObjects';
import { serviceHost } from '../hosts/hosts';
import type { Edit } from '../findings/Mend';
import type { ChangePlan } from './ChangePlan';
import {
  editRule,
  requireHttpRoute,
  requireWhole,
  type RuleAnswer,
  type ServiceName,
} from './editRule';
import { definitionOf } from './versions';

/** @public */
export interface MirrorAnswers extends RuleAnswer {
  /** The version that gets copies, and of how many requests; absent: none. */
  to?: { subset: string; percent: number };
}

/**
 * Sends copies of requests to a version, whose answers nobody waits for.
 *
 * @throws EditRefused
 * @public
 */
export function planMirror(
  set: MeshObjects,
  service: ServiceName,
  { rule, to }: MirrorAnswers,
): ChangePlan {
  if (to) {
    requireWhole('The share of copied requests', to.percent, [1, 100]);
  }
  const definition = to
    ? definitionOf(set, service, to.subset)
    : { edits: [], remark: '' };
  const host = serviceHost(
    service.namespace,
    service.service,
    set.meshConfig.domain,
  );
  const edit = editRule(set, service, { rule }, written => {
    requireHttpRoute(written, 'mirror');
    const { at } = written;
    const mirrors = to && [
      {
        destination: { host, subset: to.subset },
        percentage: { value: to.percent },
      },
    ];
    return [
      // The older way to say it, in its two spellings; with both ways the webhook refuses the object.
      ...['mirror', 'mirrorPercentage', 'mirrorPercent'].map(
        (field): Edit => ({ at: [...at, field], value: undefined }),
      ),
      { at: [...at, 'mirrors'], value: mirrors },
    ];
  });
  return {
    // No rule may name what is not defined, not even for a moment.
    edits: [...definition.edits, edit],
    sentence: to
      ? `Copies of ${to.percent} % of requests go to ${to.subset}; callers do not wait for its answers.${definition.remark}`
      : 'No copies of requests are sent any more.',
  };
}
