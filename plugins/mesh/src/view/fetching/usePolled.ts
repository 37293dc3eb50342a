import {
  startTransition,
  useCallback,
  useEffect,
  useRef,
  useState,
  type SetStateAction,
} from 'react';
import { startPolling } from './startPolling';

/** How often a page asks again. A source that dies is shown within two rounds. */
export const REFRESH_INTERVAL_MS = 5_000;

/** The last good answer to a question, and how the newest attempt went. */
export interface Polled<T> {
  answer?: T;
  /** The question that `answer` belongs to; while another one is asked, it differs from the current question. */
  answerTo?: string;
  answeredAt?: number;
  /** Why the newest attempt at the current question failed; `answer` then is older. */
  error?: Error;
  /** Asks now. */
  refresh(): void;
}

interface State<T> extends Omit<Polled<T>, 'refresh'> {
  errorTo?: string;
}

/**
 * Asks a question now and then every few seconds while somebody is looking.
 *
 * @remarks
 *
 * An answer counts only while its question is the current one and no later one was asked: a slow answer never
 * overwrites a newer one. At most one question is under way, save that `refresh` and a new question don't wait.
 *
 * @param question - names the question; `undefined` asks nothing
 * @param ask - asks it
 */
export function usePolled<T>(
  question: string | undefined,
  ask: () => Promise<T>,
  options: { intervalMs?: number } = {},
): Polled<T> {
  const { intervalMs = REFRESH_INTERVAL_MS } = options;
  const interval = useRef(intervalMs);
  const [polled, setPolled] = useState<State<T>>({});
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound(previous => previous + 1), []);

  useEffect(() => {
    interval.current = intervalMs;
  }, [intervalMs]);

  useEffect(() => {
    if (question === undefined) {
      return undefined;
    }
    // What comes by itself is drawn bit by bit, so that a page is not held up while somebody scrolls or types.
    const show = (isFirst: boolean, next: SetStateAction<State<T>>) =>
      isFirst ? setPolled(next) : startTransition(() => setPolled(next));
    return startPolling({
      ask,
      intervalMs: () => interval.current,
      onAnswer: (answer, isFirst) =>
        show(isFirst, {
          answer,
          answerTo: question,
          answeredAt: Date.now(),
        }),
      onFailure: (error, isFirst) =>
        show(isFirst, previous => ({ ...previous, error, errorTo: question })),
    });
  }, [question, ask, round]);

  const { errorTo, error, ...rest } = polled;
  return { ...rest, error: errorTo === question ? error : undefined, refresh };
}
