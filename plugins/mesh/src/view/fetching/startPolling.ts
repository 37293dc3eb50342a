/** After this a question counts as unanswered, and the next one is asked. */
export const ANSWER_DEADLINE_MS = 15_000;

/** Nobody answered within {@link ANSWER_DEADLINE_MS}. */
export class NoAnswerError extends Error {
  constructor() {
    super(`No answer within ${ANSWER_DEADLINE_MS / 1000} seconds.`);
    this.name = 'NoAnswerError';
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** Asks at once and then every few seconds while somebody is looking. What it returns ends that. */
export function startPolling<T>(options: {
  ask(): Promise<T>;
  /** How long to wait after an answer; looked up each time. */
  intervalMs(): number;
  /** `isFirst` where somebody waits for it. */
  onAnswer(answer: T, isFirst: boolean): void;
  onFailure(error: Error, isFirst: boolean): void;
}): () => void {
  const { ask, intervalMs, onAnswer, onFailure } = options;
  let isStopped = false;
  let newest = 0;
  let isSettled = true;
  let isFirst = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function askNow() {
    newest += 1;
    isSettled = false;
    const attempt = newest;
    const settle = (tell: () => void) => {
      if (isStopped || attempt !== newest || isSettled) return;
      isSettled = true;
      tell();
      isFirst = false;
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!document.hidden) askNow();
      }, intervalMs());
    };
    const fail = (error: Error) => settle(() => onFailure(error, isFirst));

    clearTimeout(timer);
    timer = setTimeout(() => fail(new NoAnswerError()), ANSWER_DEADLINE_MS);
    ask().then(
      answer => settle(() => onAnswer(answer, isFirst)),
      reason => fail(asError(reason)),
    );
  }
  const onVisibility = () => {
    if (!document.hidden && isSettled) askNow();
  };

  askNow();
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
