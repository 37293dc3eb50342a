import { findings } from '../src/findings/findings';
import type { KubeObject } from '../src/kube/KubeObject';
import { MeshConfigSet } from '../src/MeshConfigSet';
import { manyServices } from './manyServices';

const SERVICES = 1000;
const REPEATS = 5;

/** Times a full run, one after a change, and one over ten times the objects. */
export function benchRules() {
  const few = manyServices(SERVICES);
  const many = manyServices(SERVICES * 10);
  let peakBytes = 0;
  const timed = (objects: readonly KubeObject[]) => {
    const start = performance.now();
    findings(MeshConfigSet.create(objects, { complete: true }));
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
    return performance.now() - start;
  };
  const cold = timed(few);
  const warm = best(() => timed(few));
  const shuffled = best(() => timed([...few].reverse()));
  const large = best(() => timed(many), 2);
  return {
    full: {
      services: SERVICES,
      objects: few.length,
      ms: round(cold),
      warmMs: round(warm),
      otherOrderMs: round(shuffled),
    },
    one: oneChange(few),
    growth: { factor: round(large / warm), ms: round(large) },
    peakBytes,
  };
}

/** The slowest kind of object to change, each timed at its best. */
function oneChange(objects: readonly KubeObject[]) {
  const before = MeshConfigSet.create(objects, { complete: true });
  findings(before);
  const byKind: Record<string, number> = {};
  for (const kind of new Set(objects.map(object => object.kind))) {
    const object = objects.find(candidate => candidate.kind === kind)!;
    byKind[kind] = round(best(() => timedChange(before, object), REPEATS * 4));
  }
  return { ms: Math.max(...Object.values(byKind)), byKind };
}

function timedChange(before: MeshConfigSet, object: KubeObject): number {
  const changed = {
    ...object,
    metadata: { ...object.metadata, generation: 2 },
  };
  const start = performance.now();
  findings(before.with([{ type: 'put', object: changed }]));
  return performance.now() - start;
}

function best(run: () => number, repeats = REPEATS): number {
  return Math.min(...Array.from({ length: repeats }, run));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
