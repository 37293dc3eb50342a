const PAUSE_MS = 150;

/** Runs a check again and again until it passes. What it threw last is the failure. Answers the seconds it took. */
export async function eventually(
  check: () => Promise<void>,
  withinSeconds = 15,
): Promise<number> {
  const began = Date.now();
  for (;;) {
    try {
      await check();
      return (Date.now() - began) / 1000;
    } catch (error) {
      if (Date.now() - began > withinSeconds * 1000) {
        throw error;
      }
    }
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}

/** A figure that a person wants to see after the run. */
export function report(words: string): void {
  process.stderr.write(`      ${words}\n`);
}
