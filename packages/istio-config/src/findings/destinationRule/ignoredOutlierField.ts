import { counted } from '../../counted';
import { placeOf } from '../../kube/place';
import { defineFinding } from '../Finding';
import type { Mend } from '../Mend';
import { trafficPolicies } from './trafficPolicies';

/** Of Envoy: errors in a row after which a pod is ejected. */
const DEFAULT = 5;

/** `outlierDetection.consecutiveErrors` is parsed and then ignored: Istio reads only `consecutive5xxErrors` and its siblings. */
export const ignoredOutlierField = defineFinding({
  code: 'MD0101',
  level: 'warning',
  inputs: ['DestinationRule'],
  source: 'istio: pilot/pkg/networking/core/cluster_traffic_policy.go',
  *find({ DestinationRule: rules }) {
    for (const rule of rules) {
      for (const { path, policy } of trafficPolicies(rule)) {
        const detection = policy.outlierDetection;
        if (detection?.consecutiveErrors === undefined) {
          continue;
        }
        const ignored = `${path}.outlierDetection.consecutiveErrors`;
        const isDefault = detection.consecutiveErrors === DEFAULT;
        yield {
          resource: rule,
          path: ignored,
          // What applies is what was meant: worth a note, no more.
          ...(isDefault ? { level: 'info' as const } : {}),
          message: isDefault
            ? `Istio ignores consecutiveErrors; Envoy's default is ${DEFAULT}, too, so nothing changes by that.`
            : `Istio ignores consecutiveErrors, so the limit of ${detection.consecutiveErrors} has no effect; Envoy's default of ${DEFAULT} applies.`,
          fix: 'Rename consecutiveErrors to consecutive5xxErrors.',
          mend: mendOf(detection, ignored),
        };
      }
    }
  },
});

function mendOf(detection: any, ignored: string): Mend {
  const takeAway = { at: placeOf(ignored) };
  // A limit under the new name is what holds today; it stays.
  return detection.consecutive5xxErrors === undefined
    ? {
        does: `Pods are ejected after ${counted(
          detection.consecutiveErrors,
          'error',
        )} in a row: consecutiveErrors becomes consecutive5xxErrors.`,
        edits: [
          takeAway,
          {
            at: [...takeAway.at.slice(0, -1), 'consecutive5xxErrors'],
            value: detection.consecutiveErrors,
          },
        ],
      }
    : {
        does: 'Removes consecutiveErrors; consecutive5xxErrors holds, as before.',
        edits: [takeAway],
      };
}
