import {
  type Call,
  type CallOutcome,
  foretellCall,
  type MeshObjects,
} from '@meshdeck/istio-config';
import type { SendAnswer } from '../AppClient';
import type { AnyObject } from '../KubeApi';
import type { Ask, Trial } from './arbitraries';
import { EDGE, PLAIN, type World } from './World';

/** A proxy may be a moment late. */
const SETTLE_MS = 250;
const TRIES = 8;
const AT_ONCE = 6;

/** What was foretold and what came back, where they differ. */
export interface Difference {
  ask: Ask;
  foretold: string[];
  why: string[];
  observed: string;
  objects: AnyObject[];
}

/** Asks everything of one configuration. */
export async function compareTrial(
  world: World,
  { objects, requests }: Trial,
): Promise<Difference[]> {
  const set = await world.put(objects);
  const differences: Difference[] = [];
  const queue = [...requests];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let ask = queue.shift(); ask; ask = queue.shift()) {
        const difference = await compareAsk(world, set, ask);
        if (difference) {
          differences.push({ ...difference, objects: [...objects] });
        }
      }
    }),
  );
  return differences;
}

async function compareAsk(
  world: World,
  set: MeshObjects,
  ask: Ask,
): Promise<Omit<Difference, 'objects'> | undefined> {
  const outcomes = foretellCall(set, callOf(world, set, ask));
  const foretold = [...new Set(outcomes.map(describeOutcome))].sort();
  let observed = '';
  for (let i = 0; i < TRIES; i++) {
    observed = describeAnswer(await send(world, ask));
    if (foretold.includes(observed)) {
      return undefined;
    }
    await new Promise(resolve => setTimeout(resolve, SETTLE_MS));
  }
  return {
    ask,
    foretold,
    why: [...new Set(outcomes.map(({ why }) => why))],
    observed,
  };
}

function hostOf({ host, to }: Ask): string {
  const [place, name] = to.split('/');
  switch (host) {
    case 'short':
      return `${name}.${place}`;
    case 'full':
      return `${name}.${place}.svc.cluster.local`;
    default:
      return `${name}.example.com`;
  }
}

function callOf(world: World, set: MeshObjects, ask: Ask): Call {
  const from = world.workloadOf(set, world.podOf(...placeOf(ask.from)));
  const [place, name] = placeOf(ask.to);
  return {
    protocol: 'http',
    from,
    gateway: ask.atEdge
      ? {
          name: `${EDGE}/web`,
          workload: world.workloadOf(set, world.podOf(EDGE, 'edge')),
        }
      : undefined,
    host:
      ask.host === 'outside' && !ask.atEdge
        ? `${name}.${place}.svc.cluster.local`
        : hostOf(ask),
    port: ask.atEdge ? 80 : ask.port,
    method: ask.method,
    path: ask.path,
    headers: ask.headers,
  };
}

function placeOf(id: string): [string, string] {
  const [place, name] = id.split('/');
  return [place, name];
}

function send(world: World, ask: Ask): Promise<SendAnswer> {
  const [place, name] = placeOf(ask.to);
  const caller = world.podOf(
    ...placeOf(ask.atEdge ? `${PLAIN}/client` : ask.from),
  );
  return caller.app.send({
    kind: 'http',
    address: ask.atEdge
      ? world.podOf(EDGE, 'edge').address
      : world.addressOf(place, name)!,
    port: ask.atEdge ? 80 : ask.port,
    host:
      ask.host === 'outside' && !ask.atEdge
        ? `${name}.${place}.svc.cluster.local`
        : hostOf(ask),
    method: ask.method,
    path: ask.path,
    headers: ask.headers,
    withinMs: 3000,
  });
}

function describeOutcome(outcome: CallOutcome): string {
  switch (outcome.type) {
    case 'answered':
      return `status ${outcome.status}`;
    case 'reaches':
      return `${outcome.pod}:${outcome.port} ${outcome.host} ${outcome.path}`;
    default:
      return 'closed';
  }
}

function describeAnswer(answer: SendAnswer): string {
  if (answer.error || answer.status === undefined) {
    return answer.error === 'timeout' ? 'timeout' : 'closed';
  }
  const from = answer.headers?.['x-answered-by'];
  if (!from) {
    return `status ${answer.status}`;
  }
  const { namespace, pod, port, headers, path } = JSON.parse(
    answer.body ?? '{}',
  );
  return `${namespace}/${pod}:${port} ${headers.host} ${path}`;
}
