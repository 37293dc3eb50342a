import type { Place } from '../../kube/place';
import { fieldsOf } from '../../kube/reading';
import type { Edit } from '../Mend';

/** Takes `tls` from a traffic policy; one that would say nothing then, which the webhook refuses, goes with it. */
export function withoutTls(policy: unknown, at: Place): Edit {
  return {
    at: fieldsOf(policy).length > 1 ? [...at, 'tls'] : at,
    value: undefined,
  };
}
