import { useCallback, useEffect, useRef, useState } from 'react';

/** How one question that a person asked by pressing a button is going. */
export interface Prompted<A, T> {
  asking: boolean;
  result?: T;
  error?: Error;
  ask(argument: A): void;
  forget(): void;
}

/** Asks when told to; of several answers under way only the one to the last question counts. */
export function usePrompted<A, T>(
  send: (argument: A) => Promise<T>,
): Prompted<A, T> {
  const [state, setState] = useState<{
    asking: boolean;
    result?: T;
    error?: Error;
  }>({ asking: false });
  const newest = useRef(0);
  useEffect(
    () => () => {
      newest.current += 1;
    },
    [],
  );

  const ask = useCallback(
    (argument: A) => {
      newest.current += 1;
      const mine = newest.current;
      setState({ asking: true });
      send(argument).then(
        result => {
          if (mine === newest.current) setState({ asking: false, result });
        },
        reason => {
          if (mine === newest.current) {
            setState({
              asking: false,
              error:
                reason instanceof Error ? reason : new Error(String(reason)),
            });
          }
        },
      );
    },
    [send],
  );
  const forget = useCallback(() => {
    newest.current += 1;
    setState({ asking: false });
  }, []);

  return { ...state, ask, forget };
}
