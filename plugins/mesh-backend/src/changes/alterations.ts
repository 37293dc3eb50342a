import {
  fieldsOf,
  isMap,
  isSameJson,
  itemsOf,
  type KubeObject,
  ownField,
  pathOf,
  type Place,
} from '@meshdeck/istio-config';

/** What the API server keeps of every object, whoever writes it. */
const KEPT_BY_SERVER = [
  'managedFields',
  'generation',
  'resourceVersion',
  'uid',
  'creationTimestamp',
];
const MOST_NAMED = 3;
const MOST_LETTERS = 60;

/**
 * What the cluster made of an object, where that is not what was meant: "spec.http[0].timeout is 5s, not absent". Undefined where
 * it is. Admission webhooks and defaults of the cluster do such things.
 */
export function alterations(
  meant: KubeObject,
  stored: KubeObject,
): string | undefined {
  const [wanted, found] = [meant, stored].map(withoutServersOwn);
  const places = differences(wanted, found, []);
  if (places.length === 0) {
    return undefined;
  }
  const named = places
    .slice(0, MOST_NAMED)
    .map(
      ({ at, wanted: before, found: after }) =>
        `${pathOf(at)} is ${words(after)}, not ${words(before)}`,
    );
  const more = places.length - named.length;
  return `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function withoutServersOwn({ status: _status, ...object }: KubeObject) {
  return {
    ...object,
    metadata: Object.fromEntries(
      Object.entries(object.metadata).filter(
        ([field]) => !KEPT_BY_SERVER.includes(field),
      ),
    ),
  };
}

interface Difference {
  at: Place;
  wanted: unknown;
  found: unknown;
}

/** The places where two values differ, as deep as they can be named. */
function differences(wanted: unknown, found: unknown, at: Place): Difference[] {
  if (isSameJson(wanted, found)) {
    return [];
  }
  const [a, b] = [itemsOf(wanted), itemsOf(found)];
  if (Array.isArray(wanted) && Array.isArray(found) && a.length === b.length) {
    return a.flatMap((item, index) =>
      differences(item, b[index], [...at, index]),
    );
  }
  if (!isMap(wanted) || !isMap(found)) {
    return [{ at, wanted, found }];
  }
  const fields = [...fieldsOf(wanted), ...fieldsOf(found)];
  return [...new Set(fields.map(([field]) => field))].flatMap(field =>
    differences(ownField(wanted, field), ownField(found, field), [
      ...at,
      field,
    ]),
  );
}

function words(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}
