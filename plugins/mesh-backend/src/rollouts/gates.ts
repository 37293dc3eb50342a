import type { RolloutGate } from '@meshdeck/plugin-mesh-common';

/** What the mesh's own numbers say of one version now; what is missing was not to be had. */
export interface VersionNumbers {
  requestsPerSecond?: number;
  /** 0 to 1. */
  errorShare?: number;
  p99Ms?: number;
}

export interface VersionPair {
  stable?: VersionNumbers;
  canary?: VersionNumbers;
}

/** "at least 99 %", "at most 500 ms", "from 1 to 5"; undefined where there is no limit. */
export function limitWords(
  { min, max }: { min?: number; max?: number },
  unit = '',
): string | undefined {
  if (min !== undefined && max !== undefined) {
    return `from ${min}${unit} to ${max}${unit}`;
  }
  if (min !== undefined) {
    return `at least ${min}${unit}`;
  }
  return max === undefined ? undefined : `at most ${max}${unit}`;
}

/** The first gate that does not hold. */
export function failedGate(
  gates: readonly RolloutGate[],
): RolloutGate | undefined {
  return gates.find(({ verdict }) => verdict === 'failed');
}
