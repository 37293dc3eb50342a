import type { KubeObject } from '../../kube/KubeObject';
import { placeOf, valueAt } from '../../kube/place';

/** Whom a traffic policy of a DestinationRule is for: without either, all callers. */
export interface TlsScope {
  subset?: string;
  port?: number;
}

/** @param path - of something in the policy, as `spec.subsets[0].trafficPolicy.tls`. */
export function tlsScope(rule: KubeObject, path: string): TlsScope {
  const place = placeOf(path);
  const after = (list: string) => place.slice(0, place.indexOf(list) + 2);
  return {
    ...(place.includes('subsets') && {
      subset: String(valueAt(rule, after('subsets'))?.name),
    }),
    ...(place.includes('portLevelSettings') && {
      port: Number(valueAt(rule, after('portLevelSettings'))?.port?.number),
    }),
  };
}
