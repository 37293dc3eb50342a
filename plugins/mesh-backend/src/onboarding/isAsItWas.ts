import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '@meshdeck/istio-config';

/** Notes of Kubernetes' own controllers about what they did. */
const NOTES = 'deployment.kubernetes.io/';

/** Whether an object says what it said then. What controllers add on their own (status, notes, versions) is none of it. */
export function isAsItWas(now: KubeObject, then: KubeObject): boolean {
  return isDeepStrictEqual(specOf(now), specOf(then));
}

function specOf({ metadata, spec }: KubeObject): unknown {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([name]) => !name.startsWith(NOTES),
  );
  return [spec, metadata.labels ?? {}, Object.fromEntries(annotations)];
}
