import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import { SourceError } from './SourceError';

/** What a source gave, and what it said of itself. */
export interface Settled<T> {
  value?: T;
  source: SourceStatus;
}

/**
 * A source that failed as a value, so that each view goes on with what it has. Anything but a failing source is a
 * mistake of ours and is thrown on.
 */
export async function settled<T>(
  id: SourceStatus['id'],
  work: Promise<T> | undefined,
  options: { absent?: string } = {},
): Promise<Settled<T>> {
  if (!work) {
    return { source: { id, status: 'absent', message: options.absent } };
  }
  try {
    return {
      value: await work,
      source: { id, status: 'ok', asOf: new Date().toISOString() },
    };
  } catch (error) {
    if (error instanceof SourceError) {
      return { source: { id, status: 'down', message: error.message } };
    }
    throw error;
  }
}
