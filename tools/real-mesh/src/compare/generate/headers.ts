import fc from 'fast-check';
import { hasSomething, sometimes } from './sometimes';

/** Of requests and of answers: what rules change of these is compared. */
export const CHANGED = {
  request: ['x-one', 'x-two', 'x-set'],
  response: ['x-more', 'x-set'],
};
const VALUES = ['v', 'changed'];

const valuesFor = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...VALUES), {
    minKeys: 1,
    maxKeys: 2,
  });
const operations = (names: readonly string[]) =>
  fc
    .record({
      set: sometimes(valuesFor(names), 1),
      add: sometimes(valuesFor(names), 1),
      remove: sometimes(
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
        2,
      ),
    })
    .filter(hasSomething);
/** `headers` of a VirtualService’s rule or destination. */
export const headers = fc
  .record({
    request: sometimes(operations(CHANGED.request), 1),
    response: sometimes(operations(CHANGED.response), 1),
  })
  .filter(hasSomething);

/** Filters of a Gateway API rule or backend; of each type one at most. */
export const headerFilters = headers.map(({ request, response }) => [
  ...(request
    ? [
        {
          type: 'RequestHeaderModifier',
          requestHeaderModifier: asLists(request),
        },
      ]
    : []),
  ...(response
    ? [
        {
          type: 'ResponseHeaderModifier',
          responseHeaderModifier: asLists(response),
        },
      ]
    : []),
]);

function asLists({
  set,
  add,
  remove,
}: {
  set?: Record<string, string>;
  add?: Record<string, string>;
  remove?: string[];
}) {
  const list = (given: Record<string, string> | undefined) =>
    given && Object.entries(given).map(([name, value]) => ({ name, value }));
  return { set: list(set), add: list(add), remove };
}
