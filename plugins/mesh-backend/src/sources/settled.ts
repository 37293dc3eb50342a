import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import { SourceError } from './SourceError';

/** What a source answered to some questions, by their names, and what it said of itself to all of them. */
export interface Settled<T> {
  values: Partial<T>;
  source: SourceStatus;
}

/** Undefined where the source is not configured, or where there is nothing to ask. */
type Questions<T> = { [K in keyof T]?: Promise<T[K]> };

/**
 * The answers of a source as values, so that each view goes on with what it has. All questions of a view to a source go in
 * together and one status comes out, so that none that failed is forgotten; their names tell a reader what is missing.
 * Anything but a failing source is a mistake of ours and is thrown on.
 */
export async function settled<T extends object>(
  id: SourceStatus['id'],
  questions: Questions<T>,
  options: { absent?: string } = {},
): Promise<Settled<T>> {
  const { values, source } = await settledEach(id, [questions], options);
  return { values: values[0], source };
}

/** The same for several things of which the same is asked, in their order. */
export async function settledEach<T extends object>(
  id: SourceStatus['id'],
  things: readonly Questions<T>[],
  options: { absent?: string } = {},
): Promise<{ values: Partial<T>[]; source: SourceStatus }> {
  const asked = things.flatMap((questions, thing) =>
    Object.entries<Promise<unknown> | undefined>(questions)
      .filter(([, answer]) => answer !== undefined)
      .map(([name, answer]) => ({ thing, name, answer })),
  );
  const values = things.map((): Record<string, unknown> => ({}));
  if (asked.length === 0) {
    return {
      values: values as Partial<T>[],
      source: { id, status: 'absent', message: options.absent },
    };
  }
  const answers = await Promise.allSettled(asked.map(({ answer }) => answer));
  const failures: { name: string; message: string }[] = [];
  for (const [index, answer] of answers.entries()) {
    const { thing, name } = asked[index];
    if (answer.status === 'fulfilled') {
      values[thing][name] = answer.value;
    } else if (answer.reason instanceof SourceError) {
      failures.push({ name, message: answer.reason.message });
    } else {
      throw answer.reason;
    }
  }
  return {
    values: values as Partial<T>[],
    source: statusOf(id, failures, asked.length),
  };
}

function statusOf(
  id: SourceStatus['id'],
  failures: readonly { name: string; message: string }[],
  asked: number,
): SourceStatus {
  if (failures.length === 0) {
    return { id, status: 'ok', asOf: new Date().toISOString() };
  }
  const why = [...new Set(failures.map(({ message }) => message))].join(' ');
  const missing = [...new Set(failures.map(({ name }) => inWords(name)))];
  return failures.length === asked
    ? { id, status: 'down', message: why }
    : {
        id,
        status: 'partial',
        asOf: new Date().toISOString(),
        message: `${why} Missing here: ${missing.join(', ')}.`,
      };
}

/** `requestsOfNow` → "requests of now". */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
}
