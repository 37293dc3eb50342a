import { findings } from '../src/findings/findings';
import type { KubeObject } from '../src/kube/KubeObject';
import { MeshObjects } from '../src/MeshObjects';
import { manyServices } from './manyServices';

export const SERVICES = 1000;
const REPEATS = 5;
const CHANGES_OF_A_KIND = 25;
/** Of each kind; the best counts, as of full runs. */
const ROUNDS = 3;

/** Times a full run, one after a change, and one over ten times the objects. */
export function benchRules() {
  const few = manyServices(SERVICES);
  let peakBytes = 0;
  const timed = (objects: readonly KubeObject[]) => {
    const start = performance.now();
    findings(MeshObjects.create(objects, { complete: true }));
    const took = performance.now() - start;
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
    return took;
  };
  const cold = timed(few);
  const one = oneChange(few);
  const warm = best(() => timed(few));
  const otherOrder = best(() => timed(shuffled(few)));
  const growth = growthOf(objects => timed(objects));
  return {
    full: {
      services: SERVICES,
      objects: few.length,
      ms: round(cold),
      warmMs: round(warm),
      otherOrderMs: round(otherOrder),
    },
    one,
    growth,
    peakBytes,
  };
}

/**
 * Another object of each kind changed again and again, as a cluster changes: of the slowest kind the median of its best round, and the
 * very first change of all, before the engine has compiled anything of it.
 */
function oneChange(objects: readonly KubeObject[]) {
  let set = MeshObjects.create(objects, { complete: true });
  findings(set);
  let firstMs: number | undefined;
  const byKind: Record<string, number> = {};
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    for (const kind of new Set(objects.map(object => object.kind))) {
      const own = objects.filter(object => object.kind === kind);
      const times: number[] = [];
      for (let index = 0; index < CHANGES_OF_A_KIND; index += 1) {
        const at = turn * CHANGES_OF_A_KIND + index;
        const object = own[(at * 37) % own.length];
        const changed = {
          ...object,
          metadata: { ...object.metadata, generation: at + 2 },
        };
        const start = performance.now();
        set = set.with([{ type: 'put', object: changed }]);
        findings(set);
        times.push(performance.now() - start);
      }
      firstMs ??= round(times[0]);
      byKind[kind] = Math.min(byKind[kind] ?? Infinity, round(median(times)));
    }
  }
  return { ms: Math.max(...Object.values(byKind)), firstMs, byKind };
}

/**
 * Ten times the objects in one set, against ten sets of the single size that are all kept: with as much in memory, so that the factor
 * is that of the rules and not of the garbage collector.
 */
function growthOf(timed: (objects: readonly KubeObject[]) => number) {
  const kept = Array.from({ length: 10 }, () => manyServices(SERVICES));
  const single = median(kept.map(timed));
  const many = manyServices(SERVICES * 10);
  const large = best(() => timed(many), 3);
  return { factor: round(large / single), ms: round(large) };
}

/** Always the same order, and another than the one given. */
function shuffled(objects: readonly KubeObject[]): KubeObject[] {
  return objects
    .map((object, index) => ({ object, at: (index * 7919) % objects.length }))
    .sort((a, b) => a.at - b.at)
    .map(({ object }) => object);
}

function best(run: () => number, repeats = REPEATS): number {
  return Math.min(...Array.from({ length: repeats }, run));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
