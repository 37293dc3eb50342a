import { fieldsOf, isMap, itemsOf, textsOf } from '../kube/reading';
import type {
  HeaderChanges,
  HeaderOperations,
  RouteDestination,
  RouteRule,
} from './types';

/** What sets the host of a request is a rewrite. */
const IS_HOST = /^(:authority|host)$/i;

/** What `headers` of a VirtualService's rule or destination does; absent where that is nothing. */
export function headerChangesOf(written: unknown): HeaderChanges | undefined {
  return toChanges(
    isMap(written) ? written.request : undefined,
    isMap(written) ? written.response : undefined,
  );
}

/** What the filters of a Gateway API rule or backend do; of several values for one name the first counts. */
export function headerChangesOfFilters(
  filters: unknown,
): HeaderChanges | undefined {
  const modifierOf = (type: string, field: string) => {
    const filter = itemsOf(filters).find(one => one?.type === type);
    const { set, add, remove } = filter?.[field] ?? {};
    return { set: byName(set), add: byName(add), remove };
  };
  return toChanges(
    modifierOf('RequestHeaderModifier', 'requestHeaderModifier'),
    modifierOf('ResponseHeaderModifier', 'responseHeaderModifier'),
  );
}

function byName(listed: unknown): Record<string, unknown> {
  return Object.fromEntries(
    itemsOf(listed)
      .filter(entry => typeof entry?.name === 'string')
      .map((entry): [string, unknown] => [
        entry.name.toLowerCase(),
        entry.value,
      ])
      .reverse(),
  );
}

function toChanges(
  request: unknown,
  response: unknown,
): HeaderChanges | undefined {
  const changes = {
    request: toOperations(request),
    response: toOperations(response),
  };
  const isNothing = Object.values(changes).every(
    ({ set, add, remove }) => set.length + add.length + remove.length === 0,
  );
  return isNothing ? undefined : changes;
}

function toOperations(written: unknown): HeaderOperations {
  const { set, add, remove } = isMap(written) ? written : {};
  const pairs = (given: unknown) =>
    fieldsOf(given)
      .filter(([name]) => !IS_HOST.test(name))
      .map(([name, value]): [string, string] => [
        name.toLowerCase(),
        String(value),
      ]);
  return {
    set: pairs(set),
    add: pairs(add),
    remove: textsOf(remove).map(name => name.toLowerCase()),
  };
}

/**
 * The headers of a request or response after a rule and one of its destinations changed them. In one step what is removed goes
 * first, then what is set, then what is added. A destination that has no other beside it shares the rule's step; else it has its
 * own before. Source: istio pilot/pkg/networking/core/route/route.go, processDestination and processWeightedDestination.
 */
export function changedHeaders(
  side: keyof HeaderChanges,
  headers: Readonly<Record<string, string>>,
  rule: Pick<RouteRule, 'headerChanges' | 'destinations'>,
  destination: Pick<RouteDestination, 'headerChanges'>,
): Record<string, string> {
  const own = destination.headerChanges?.[side];
  const general = rule.headerChanges?.[side];
  const steps =
    rule.destinations.length === 1 ? [[general, own]] : [[own], [general]];
  return steps.reduce(
    (seen, step) =>
      changedBy(
        seen,
        step.filter(operations => operations !== undefined),
      ),
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    ),
  );
}

function changedBy(
  headers: Record<string, string>,
  operations: readonly HeaderOperations[],
): Record<string, string> {
  const removed = operations.flatMap(({ remove }) => remove);
  const result = new Map(
    Object.entries(headers).filter(([name]) => !removed.includes(name)),
  );
  for (const [name, value] of operations.flatMap(({ set }) => set)) {
    result.set(name, value);
  }
  for (const [name, value] of operations.flatMap(({ add }) => add)) {
    const before = result.get(name);
    result.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(result);
}
