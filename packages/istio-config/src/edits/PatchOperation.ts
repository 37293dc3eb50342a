import { isMap } from '../kube/reading';
import { pathOf, Place } from '../kube/place';
import { isSameJson } from './isSameJson';

/** One step of a change of one object, as JSON Patch (RFC 6902) has it. A list grows by an `add` behind its last item. @public */
export type PatchOperation =
  | { op: 'test' | 'add' | 'replace'; at: Place; value: unknown }
  | { op: 'remove'; at: Place };

/** A place as JSON Pointer (RFC 6901) writes it. @public */
export function pointerOf(at: Place): string {
  return at
    .map(step => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`)
    .join('');
}

/** The operations as they are sent. @public */
export function toJsonPatch(operations: readonly PatchOperation[]): object[] {
  return operations.map(({ at, ...operation }) => ({
    ...operation,
    path: pointerOf(at),
  }));
}

/** Whether the operations write anything. @public */
export function changesSomething(
  operations: readonly PatchOperation[],
): boolean {
  return operations.some(({ op }) => op !== 'test');
}

/**
 * The value with all operations made; itself, it stays as it is.
 *
 * @throws Error where a test does not hold or a place is not there: then none of them may be made.
 * @public
 */
export function patched<T>(value: T, operations: readonly PatchOperation[]): T {
  return operations.reduce<unknown>(
    (current, operation) => changed(current, operation.at, operation),
    value,
  ) as T;
}

function changed(
  current: unknown,
  [step, ...rest]: Place,
  operation: PatchOperation,
): unknown {
  if (step === undefined) {
    return wholly(current, operation);
  }
  if (rest.length > 0 || operation.op === 'test') {
    const inner = changed(childOf(current, step, operation), rest, operation);
    return operation.op === 'test' ? current : withChild(current, step, inner);
  }
  if (operation.op === 'add') {
    return withNewChild(current, step, operation);
  }
  childOf(current, step, operation);
  return operation.op === 'remove'
    ? withoutChild(current, step)
    : withChild(current, step, operation.value);
}

function wholly(current: unknown, operation: PatchOperation): unknown {
  if (operation.op === 'remove') {
    throw unfit(operation, 'an object is not taken away by a patch');
  }
  if (operation.op === 'test' && !isSameJson(current, operation.value)) {
    throw unfit(operation, 'it is another value');
  }
  return operation.op === 'test' ? current : operation.value;
}

function childOf(
  current: unknown,
  step: string | number,
  operation: PatchOperation,
): unknown {
  const isThere =
    typeof step === 'number'
      ? Array.isArray(current) && step < current.length
      : isMap(current) && Object.hasOwn(current, step);
  if (!isThere) {
    throw unfit(operation, 'there is nothing');
  }
  return (current as Record<string | number, unknown>)[step];
}

function withChild(
  current: unknown,
  step: string | number,
  child: unknown,
): unknown {
  return Array.isArray(current)
    ? current.map((item, index) => (index === step ? child : item))
    : fromEntries(current, entries =>
        entries.map(([key, value]) => [key, key === step ? child : value]),
      );
}

function withNewChild(
  current: unknown,
  step: string | number,
  operation: PatchOperation & { op: 'add' | 'replace' | 'test' },
): unknown {
  const { value } = operation;
  if (typeof step === 'number') {
    if (!Array.isArray(current) || step > current.length) {
      throw unfit(operation, 'there is no such list, or it is shorter');
    }
    return [...current.slice(0, step), value, ...current.slice(step)];
  }
  if (!isMap(current)) {
    throw unfit(operation, 'there is nothing that could hold it');
  }
  return Object.hasOwn(current, step)
    ? withChild(current, step, value)
    : fromEntries(current, entries => [...entries, [step, value]]);
}

function withoutChild(current: unknown, step: string | number): unknown {
  return Array.isArray(current)
    ? current.filter((_item, index) => index !== step)
    : fromEntries(current, entries => entries.filter(([key]) => key !== step));
}

/** A copy made of entries: a key such as `__proto__` stays a key. */
function fromEntries(
  current: unknown,
  change: (entries: [string, unknown][]) => [string, unknown][],
): unknown {
  return Object.fromEntries(change(Object.entries(current as object)));
}

function unfit({ op, at }: PatchOperation, why: string): Error {
  return new Error(`${op} ${pathOf(at)}: ${why}`);
}
