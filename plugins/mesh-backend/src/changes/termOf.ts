import { InputError } from '@backstage/errors';
import type { ServiceIntent } from '@meshdeck/plugin-mesh-common';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { ChangeTerm } from '../memory/ChangeTerm';

const LEAST_MS = 1_000;
const MOST_MS = 3_600_000;

/**
 * How long what is wanted lasts, from now; undefined where it stays.
 *
 * @throws InputError where that is too short or too long, ServiceUnavailableError where the database does not tell the time.
 */
export async function termOf(
  what: ServiceIntent,
  memory: ChangeMemory,
): Promise<ChangeTerm | undefined> {
  if (what.intent !== 'fault') {
    return undefined;
  }
  const { lastsMs } = what;
  if (!Number.isInteger(lastsMs) || lastsMs < LEAST_MS || lastsMs > MOST_MS) {
    throw new InputError(
      `It would last ${
        lastsMs / 1000
      } s; what is broken on purpose ends after 1 s to 1 h.`,
    );
  }
  return memory.term(lastsMs);
}
