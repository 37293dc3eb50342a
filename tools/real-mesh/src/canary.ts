import { type MeshState, readMeshState } from './meshState';
import { until } from './until';

const WITHIN_MS = 120_000;

/** Asks the process that holds a mesh for the second revision. */
export const START_CANARY = 'SIGUSR2';

/** The mesh of a slot with a second istiod, of the revision `canary`; it is started where it does not run yet. */
export async function withCanary(slot: number): Promise<MeshState> {
  const state = readMeshState(slot);
  if (!state) {
    throw new Error('No mesh runs: start one with `yarn real-mesh up`.');
  }
  if (!state.canary) {
    process.kill(state.pid, START_CANARY);
  }
  return until('The second revision', WITHIN_MS, () => {
    const now = readMeshState(slot);
    if (!now) {
      throw new Error('The mesh ended');
    }
    return now.canary ? now : undefined;
  });
}
