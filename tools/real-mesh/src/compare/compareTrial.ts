import {
  type Call,
  type CallOutcome,
  foretellCall,
  type MeshObjects,
} from '@meshdeck/istio-config';
import type { SendAnswer } from '../AppClient';
import type { AnyObject } from '../KubeApi';
import { clientHello } from './clientHello';
import type { Ask, Trial } from './Trial';
import { EDGE, PLAIN, type World } from './World';

/** A proxy may be a moment late, and a little longer each time. */
const SETTLE_MS = 150;
const TRIES = 7;
const AT_ONCE = 6;
const ANSWERED_WITHIN_MS = 3000;

/** What was foretold and what came back, where they differ. */
export interface Difference {
  ask: Ask;
  foretold: string[];
  why: string[];
  observed: string;
  objects: AnyObject[];
}

/**
 * Asks everything of one configuration; what differs, once more after each proxy got everything again, and once more after the
 * configuration was taken away and written again: a proxy of which a Sidecar is taken away may be left without endpoints.
 */
export async function compareTrial(
  world: World,
  trial: Trial,
): Promise<Difference[]> {
  const { requests } = trial;
  const objects = trial.objects.filter(object => world.serves(object));
  const set = await world.put(objects);
  const first = await askAll(world, set, requests);
  if (first.length === 0) {
    return [];
  }
  await world.refresh();
  const asks = ({ ask }: Unlike) => ask;
  const second = await askAll(world, set, first.map(asks));
  if (second.length === 0) {
    return [];
  }
  await world.put([]);
  const rewritten = await world.put(objects);
  const differences = await askAll(world, rewritten, second.map(asks));
  return differences.map(difference => ({
    ...difference,
    objects: [...objects],
  }));
}

type Unlike = Omit<Difference, 'objects'>;

async function askAll(
  world: World,
  set: MeshObjects,
  requests: readonly Ask[],
): Promise<Unlike[]> {
  const differences: Unlike[] = [];
  const queue = [...requests];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let ask = queue.shift(); ask; ask = queue.shift()) {
        const difference = await compareAsk(world, set, ask);
        if (difference) {
          differences.push(difference);
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
): Promise<Unlike | undefined> {
  const outcomes = foretellCall(set, callOf(world, set, ask));
  const foretold = [
    ...new Set(outcomes.map(outcome => describeOutcome(world, outcome, ask))),
  ].sort();
  let observed = '';
  for (let i = 0; i < TRIES; i++) {
    observed = describeAnswer(await send(world, ask));
    if (foretold.includes(observed)) {
      return undefined;
    }
    await new Promise(resolve => setTimeout(resolve, SETTLE_MS * (i + 1)));
  }
  const why = [...new Set(outcomes.map(outcome => outcome.why))];
  return { ask, foretold, why, observed };
}

function callOf(world: World, set: MeshObjects, ask: Ask): Call {
  const { protocol, gateway, host, port, method, path, headers } = ask;
  const [namespace, name] = placeOf(ask.to);
  return {
    protocol,
    from: world.workloadOf(set, world.podOf(...placeOf(ask.from))),
    gateway: gateway
      ? {
          name: gateway,
          workload: world.workloadOf(set, world.podOf(EDGE, 'edge')),
        }
      : undefined,
    to: { namespace, name },
    host,
    port,
    ...(protocol === 'http' ? { method, path, headers } : {}),
  };
}

function placeOf(id: string): [string, string] {
  const [place, name] = id.split('/');
  return [place, name];
}

function send(world: World, ask: Ask): Promise<SendAnswer> {
  const { protocol, port, host, method, path, headers } = ask;
  const { app } = world.podOf(...placeOf(ask.from));
  const address = ask.gateway
    ? world.podOf(EDGE, 'edge').address
    : world.addressOf(...placeOf(ask.to));
  const withinMs = ANSWERED_WITHIN_MS;
  return protocol === 'http'
    ? app.send({
        kind: 'http',
        ...{ address, port, host, method, path, headers, withinMs },
      })
    : app.send({
        kind: 'tcp',
        ...{ address, port, withinMs },
        ...(protocol === 'tls' ? { body: clientHello(host) } : {}),
      });
}

function describeOutcome(
  world: World,
  outcome: CallOutcome,
  { protocol, host }: Ask,
): string {
  switch (outcome.type) {
    case 'leaves':
      // Behind all that is outside is one pod.
      return `${world.podOf(PLAIN, 'd').id}:8080 ${outcome.asked ?? host} ${
        outcome.path
      }`;
    case 'answered':
      return [`status ${outcome.status}`, outcome.location]
        .filter(Boolean)
        .join(' ');
    case 'reaches':
      return [
        `${outcome.pod}:${outcome.port}`,
        ...(protocol === 'http' ? [outcome.host, outcome.path] : []),
      ].join(' ');
    default:
      return outcome.type;
  }
}

function describeAnswer(answer: SendAnswer): string {
  const { error, status, headers, body } = answer;
  if (error) {
    return error === 'timeout' ? 'timeout' : 'closed';
  }
  if (status === undefined) {
    const [first] = (body ?? '').split('\n');
    const seen = first.startsWith('{') ? JSON.parse(first) : undefined;
    return seen ? `${seen.namespace}/${seen.pod}:${seen.port}` : 'closed';
  }
  if (!headers?.['x-answered-by']) {
    return [`status ${status}`, headers?.location].filter(Boolean).join(' ');
  }
  const seen = JSON.parse(body ?? '{}');
  return `${seen.namespace}/${seen.pod}:${seen.port} ${seen.headers.host} ${seen.path}`;
}
