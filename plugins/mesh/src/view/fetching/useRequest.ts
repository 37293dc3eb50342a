import { useCallback, useEffect, useRef, useState } from 'react';

/** How one question that a person asked by pressing a button is going. */
interface RequestState<T> {
  isPending: boolean;
  result?: T;
  error?: Error;
}

/** A request that is sent when a person says so, and how the newest one is going. */
export interface AsyncRequest<A, T> extends RequestState<T> {
  send(argument: A): void;
}

/** Sends when told to; of several answers under way only the one to the last request counts. */
export function useRequest<A, T>(
  ask: (argument: A) => Promise<T>,
): AsyncRequest<A, T> {
  const [state, setState] = useState<RequestState<T>>({ isPending: false });
  const newest = useRef(0);
  useEffect(
    () => () => {
      newest.current += 1;
    },
    [],
  );

  const send = useCallback(
    (argument: A) => {
      newest.current += 1;
      const mine = newest.current;
      const settle = (outcome: Pick<RequestState<T>, 'result' | 'error'>) => {
        if (mine === newest.current) setState({ isPending: false, ...outcome });
      };
      setState({ isPending: true });
      ask(argument).then(
        result => settle({ result }),
        reason =>
          settle({
            error: reason instanceof Error ? reason : new Error(String(reason)),
          }),
      );
    },
    [ask],
  );

  return { ...state, send };
}
