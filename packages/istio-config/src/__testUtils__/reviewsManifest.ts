import { loadAll } from 'js-yaml';
import type { ObjectEdit } from '../edits/ChangePlan';
import type { PatchOperation } from '../edits/PatchOperation';
import type { KubeObject } from '../kube/KubeObject';
import { placeOf } from '../kube/place';

/** What names the object of {@link REVIEWS}. */
export const REVIEWS_HEAD = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: orion
`;

/** A manifest as people write one: with comments, on one line and on several, with quotes. */
export const REVIEWS = `${REVIEWS_HEAD}spec:
  hosts: [reviews]
  http:
    # the new version
    - route:
        - destination: {host: reviews, subset: v1}
          weight: 90   # most of it
        - destination: {host: reviews, subset: v2}
          weight: 10
      timeout: '5s'
`;

/** An object of a file as it is in the cluster: with what the API server and Argo CD add. */
export function liveFrom(text: string, index = 0): KubeObject {
  const object = loadAll(text)[index] as KubeObject;
  object.metadata.namespace ??= 'orion';
  object.metadata.uid = 'u-1';
  object.status = { observedGeneration: 1 };
  object.metadata.annotations = {
    ...object.metadata.annotations,
    'argocd.argoproj.io/tracking-id':
      'shop:networking.istio.io/VirtualService:orion/reviews',
  };
  return object;
}

/** `spec.http[0].timeout` becomes another value. */
export function replacing(path: string, value: unknown): PatchOperation {
  return { op: 'replace', at: placeOf(path), value };
}

export function changing(
  before: KubeObject,
  ...operations: PatchOperation[]
): ObjectEdit {
  return { action: 'change', before, operations };
}
