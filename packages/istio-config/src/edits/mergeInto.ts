import type { KubeObject } from '../kube/KubeObject';
import type { Place } from '../kube/place';
import { fieldsOf, isMap, ownField } from '../kube/reading';
import { isSameJson } from './isSameJson';
import type { PatchOperation } from './PatchOperation';

/** Of Istio's kinds, lists and what is said of each port are one value: an entry of theirs that is not wanted any more goes. */
const ISTIO = /^(networking|security)\.istio\.io\//;
const BY_PORT = 'portLevelMtls';

/**
 * What it takes until an object says all that another one does, in labels, annotations and spec. What only the object has stays: the
 * server's defaults, and what others wrote beside it.
 */
export function mergeInto(
  before: KubeObject,
  wanted: KubeObject,
): PatchOperation[] {
  const isIstio = ISTIO.test(before.apiVersion);
  return [
    ...(['labels', 'annotations'] as const).flatMap(field =>
      merged(before.metadata[field], wanted.metadata[field], {
        at: ['metadata', field],
        isIstio,
      }),
    ),
    ...merged(before.spec, wanted.spec, { at: ['spec'], isIstio }),
  ];
}

function merged(
  before: unknown,
  wanted: unknown,
  where: { at: Place; isIstio: boolean },
): PatchOperation[] {
  const { at, isIstio } = where;
  if (wanted === undefined || isSameJson(before, wanted)) {
    return [];
  }
  if (before === undefined || before === null) {
    return [{ op: 'add', at, value: wanted }];
  }
  const isOneValue = isIstio && at[at.length - 1] === BY_PORT;
  if (isMap(before) && isMap(wanted) && !isOneValue) {
    return fieldsOf(wanted).flatMap(([field, value]) =>
      merged(ownField(before, field), value, { ...where, at: [...at, field] }),
    );
  }
  if (
    Array.isArray(before) &&
    Array.isArray(wanted) &&
    before.length === wanted.length &&
    !isIstio
  ) {
    return wanted.flatMap((item, index) =>
      merged(before[index], item, { ...where, at: [...at, index] }),
    );
  }
  return [
    { op: 'test', at, value: before },
    { op: 'replace', at, value: wanted },
  ];
}
