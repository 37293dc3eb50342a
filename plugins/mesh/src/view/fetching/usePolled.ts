import {
  startTransition,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';

/** How often a page asks again. A source that dies is shown within two rounds. */
export const REFRESH_INTERVAL_MS = 5_000;

/** After this a question counts as unanswered, and the next one is asked. */
export const ANSWER_DEADLINE_MS = 15_000;

/** Nobody answered within {@link ANSWER_DEADLINE_MS}. */
export class NoAnswerError extends Error {
  constructor() {
    super(`No answer within ${ANSWER_DEADLINE_MS / 1000} seconds.`);
    this.name = 'NoAnswerError';
  }
}

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

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
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
    let current = true;
    let attempt = 0;
    let settled = true;
    let isAskedFor = true;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const askNow = () => {
      attempt += 1;
      settled = false;
      const mine = attempt;
      const settle = (outcome: (previous: State<T>) => State<T>) => {
        if (!current || mine !== attempt || settled) return;
        settled = true;
        if (isAskedFor) {
          setPolled(outcome);
        } else {
          // What comes by itself is drawn bit by bit, so that a page is not held up while somebody scrolls or types.
          startTransition(() => setPolled(outcome));
        }
        isAskedFor = false;
        clearTimeout(timer);
        timer = setTimeout(() => {
          if (!document.hidden) askNow();
        }, interval.current);
      };
      const fail = (error: Error) =>
        settle(previous => ({
          ...previous,
          error,
          errorTo: question,
        }));

      clearTimeout(timer);
      timer = setTimeout(() => fail(new NoAnswerError()), ANSWER_DEADLINE_MS);
      ask().then(
        answer =>
          settle(() => ({
            answer,
            answerTo: question,
            answeredAt: Date.now(),
          })),
        reason => fail(asError(reason)),
      );
    };

    const onVisibility = () => {
      if (!document.hidden && settled) askNow();
    };

    askNow();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      current = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [question, ask, round]);

  const { errorTo, error, ...rest } = polled;
  return { ...rest, error: errorTo === question ? error : undefined, refresh };
}
