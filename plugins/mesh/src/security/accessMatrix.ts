import type { CallerView } from '@meshdeck/plugin-mesh-common';

/** `unseen`: allowed, but the caller was not seen calling in this time. */
export type AccessCell = 'allowed' | 'denied' | 'unseen';

export interface AccessMatrix {
  operations: string[];
  rows: { caller: CallerView; cells: AccessCell[] }[];
}

const EXCEPT = 'not ';
/** Stands for what no rule names. */
export const REST = 'everything else';
/** Stands for all there is, where no rule names anything. */
export const ALL = 'everything';

/** Callers by the operations that any rule names: who may do what. */
export function accessMatrix(callers: CallerView[]): AccessMatrix {
  const named = [
    ...new Set(
      callers.flatMap(({ allowedOperations }) =>
        allowedOperations.map(operation =>
          operation.startsWith(EXCEPT)
            ? operation.slice(EXCEPT.length)
            : operation,
        ),
      ),
    ),
  ].sort();
  const operations = named.length > 0 ? [...named, REST] : [ALL];
  return {
    operations,
    rows: callers.map(caller => ({
      caller,
      cells: operations.map(operation => cellOf(caller, operation)),
    })),
  };
}

function cellOf(caller: CallerView, operation: string): AccessCell {
  if (!mayDo(caller, operation)) {
    return 'denied';
  }
  return caller.requestsPerSecond === 0 ? 'unseen' : 'allowed';
}

function mayDo(
  { allowed, allowedOperations }: CallerView,
  operation: string,
): boolean {
  if (allowed === 'no') {
    return false;
  }
  if (allowedOperations.length === 0) {
    return true;
  }
  if (allowedOperations.includes(`${EXCEPT}${operation}`)) {
    return false;
  }
  // Where rules only take something away, the rest stays open.
  return (
    allowedOperations.includes(operation) ||
    allowedOperations.every(own => own.startsWith(EXCEPT))
  );
}
