const LOOK_EVERY_MS = 100;

/**
 * Waits until an answer is there: asks again while it is undefined or an error.
 * @throws Error saying what was waited for, and the last error.
 */
export async function until<T>(
  what: string,
  withinMs: number,
  ask: () => Promise<T | undefined> | T | undefined,
  { everyMs = LOOK_EVERY_MS } = {},
): Promise<T> {
  const end = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) {
        return answer;
      }
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      const why = last instanceof Error ? `: ${last.message}` : '';
      throw new Error(`${what}: not within ${withinMs / 1000} s${why}`);
    }
    await new Promise(resolve => setTimeout(resolve, everyMs));
  }
}
