import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import type { Place } from '../kube/place';
import { fieldsOf, isMap, ownField } from '../kube/reading';
import type { ChangePlan } from './ChangePlan';
import { EditRefused } from './EditRefused';
import { isSameJson } from './isSameJson';
import type { PatchOperation } from './PatchOperation';

/** They are those of the object, or the text is refused. */
const NAMES = ['name', 'namespace'];
/** Of an object's metadata, all that a person writes. */
const METADATA = ['labels', 'annotations'];
/** What kubectl notes for itself; no page shows it. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Makes of an object what somebody wrote, by the least that does it.
 *
 * @param written - the whole object; what only the server decides (status, uid, managedFields …) may be left out.
 * @throws EditRefused where it is another object.
 * @public
 */
export function planObject(
  before: KubeObject,
  written: KubeObject,
): ChangePlan {
  const [is, wanted] = [before, written].map(object =>
    describeRef(refOf(object)),
  );
  if (is !== wanted || before.apiVersion !== written.apiVersion) {
    throw new EditRefused(
      `That is ${written.apiVersion} ${wanted}, not ${before.apiVersion} ${is}: an object is neither renamed nor moved.`,
    );
  }
  const known = new Set(['apiVersion', 'kind', 'metadata', 'status']);
  const fields = [...fieldsOf(before), ...fieldsOf(written)]
    .map(([field]) => field)
    .filter(field => !known.has(field));
  const operations = [
    ...METADATA.flatMap(field => metadataSteps(before, written, field)),
    ...[...new Set(fields)].flatMap(field =>
      steps(ownField(before, field), ownField(written, field), [field]),
    ),
  ];
  return {
    edits: [{ action: 'change', before, operations }],
    sentence: `${is} becomes what was written${exceptions(before, written)}.`,
  };
}

/** What a text says otherwise, and nobody changes by a text. */
function exceptions(before: KubeObject, written: KubeObject): string {
  const kept = [
    ...fieldsOf(written.metadata)
      .filter(([field]) => ![...NAMES, ...METADATA].includes(field))
      .filter(
        ([field, value]) =>
          !isSameJson(value, ownField(before.metadata, field)),
      )
      .map(([field]) => `metadata.${field}`),
    ...(written.status !== undefined &&
    !isSameJson(written.status, before.status)
      ? ['status']
      : []),
  ];
  return kept.length > 0
    ? `, but for ${kept.join(', ')}: what stands there stays as it is`
    : '';
}

function metadataSteps(
  before: KubeObject,
  written: KubeObject,
  field: string,
): PatchOperation[] {
  const old: unknown = ownField(before.metadata, field);
  const wanted: unknown = ownField(written.metadata, field);
  const applied: unknown = ownField(old, LAST_APPLIED);
  return steps(
    old,
    applied === undefined
      ? wanted
      : { ...Object.fromEntries(fieldsOf(wanted)), [LAST_APPLIED]: applied },
    ['metadata', field],
  );
}

/** @public */
export function planDeletion(before: KubeObject): ChangePlan {
  return {
    edits: [{ action: 'delete', before }],
    sentence: `${describeRef(refOf(before))} is deleted.`,
  };
}

/** What leads from one value to another; lists of another length are one value. */
function steps(before: unknown, after: unknown, at: Place): PatchOperation[] {
  if (isSameJson(before, after)) {
    return [];
  }
  if (before === undefined) {
    return [{ op: 'add', at, value: after }];
  }
  if (after === undefined) {
    return [
      { op: 'test', at, value: before },
      { op: 'remove', at },
    ];
  }
  if (isMap(before) && isMap(after)) {
    const fields = [...Object.keys(before), ...Object.keys(after)];
    return [...new Set(fields)].flatMap(field =>
      steps(ownField(before, field), ownField(after, field), [...at, field]),
    );
  }
  if (
    Array.isArray(before) &&
    Array.isArray(after) &&
    before.length === after.length
  ) {
    return before.flatMap((item, index) =>
      steps(item, after[index], [...at, index]),
    );
  }
  return [
    { op: 'test', at, value: before },
    { op: 'replace', at, value: after },
  ];
}
