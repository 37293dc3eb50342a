import type { KubeObject } from '../../kube/KubeObject';
import { type Place, valueAt } from '../../kube/place';
import { fieldsOf, itemsOf } from '../../kube/reading';
import type { Edit } from '../Mend';

/** Takes a `tls` from a DestinationRule; whatever would say nothing then, which the webhook refuses, goes with it. */
export function withoutTls(rule: KubeObject, tls: Place): Edit {
  let at = tls;
  while (at.at(-1) !== 'trafficPolicy' && isAlone(rule, at)) {
    at = at.slice(0, -1);
  }
  return { at, value: undefined };
}

/** Whether what it stands in says nothing else; to name a port is to say nothing of it. */
function isAlone(rule: KubeObject, at: Place): boolean {
  const around: unknown = valueAt(rule, at.slice(0, -1));
  if (Array.isArray(around)) {
    return itemsOf(around).length === 1;
  }
  return fieldsOf(around).every(
    ([field, value]) =>
      field === at.at(-1) ||
      field === 'port' ||
      value === undefined ||
      value === null,
  );
}
