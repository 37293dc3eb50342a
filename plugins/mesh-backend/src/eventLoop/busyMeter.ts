import { performance } from 'perf_hooks';

const BUSY_SHARE = 0.9;

/** Says at each call whether this process has had next to no time left since the call before. */
export function createBusyMeter(): () => boolean {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization > BUSY_SHARE;
  };
}
