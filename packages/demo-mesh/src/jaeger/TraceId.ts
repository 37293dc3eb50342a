import { hash32, hex8 } from '../traffic/seededRandom';

/** Trace ids count microseconds from here. */
const EPOCH_US = Date.UTC(2024, 0, 1) * 1000;
const LOW_32 = 0x1_0000_0000;

/** A trace's identity: which stream of requests it samples, and when it begins. */
export interface TraceKey {
  /** 16 bits of the stream's id. */
  flow: number;
  startUs: number;
}

export function flowHash(flowId: string): number {
  return hash32(flowId) & 0xffff;
}

/**
 * 32 hexadecimal digits that look random and say which trace they name: the first half is a hash of the key, the
 * second the key itself under a mask that the first half gives. So a trace is found by its id without having been kept.
 */
export function traceIdOf(key: TraceKey, seed: number): string {
  const check = checkOf(key, seed);
  const [maskHigh, maskLow] = masksOf(check);
  const sinceUs = key.startUs - EPOCH_US;
  const high = ((key.flow << 16) | Math.floor(sinceUs / LOW_32)) >>> 0;
  const low = sinceUs % LOW_32 >>> 0;
  return check + hex8(high ^ maskHigh) + hex8(low ^ maskLow);
}

/** The key of an id that `traceIdOf` has made with the same seed. */
export function traceKeyOf(id: string, seed: number): TraceKey | undefined {
  const check = id.slice(0, 16);
  const [maskHigh, maskLow] = masksOf(check);
  const high = (parseInt(id.slice(16, 24), 16) ^ maskHigh) >>> 0;
  const low = (parseInt(id.slice(24), 16) ^ maskLow) >>> 0;
  const key = {
    flow: high >>> 16,
    startUs: (high & 0xffff) * LOW_32 + low + EPOCH_US,
  };
  return checkOf(key, seed) === check ? key : undefined;
}

function checkOf({ flow, startUs }: TraceKey, seed: number): string {
  const text = `${flow}@${startUs}`;
  return hex8(hash32(text, seed)) + hex8(hash32(text, seed + 1));
}

function masksOf(check: string): [number, number] {
  return [hash32(`${check}-high`), hash32(`${check}-low`)];
}
