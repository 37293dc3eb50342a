import {
  type Call,
  type CallOutcome,
  foretellCall,
  type MeshObjects,
} from '@meshdeck/istio-config';
import type { SendAnswer } from '../AppClient';
import type { AnyObject } from '../KubeApi';
import { clientHello } from './clientHello';
import { CHANGED } from './generate/headers';
import { SLOWLY } from './generate/requests';
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

/** What came of a configuration. */
export interface Comparison {
  differences: Difference[];
  /** Requests that ended as foretold once istiod had forgotten what it keeps, and not before. */
  stale: number;
}

/** Asks everything of one configuration; what differs, once more after istiod worked everything out again. */
export async function compareTrial(
  world: World,
  trial: Trial,
): Promise<Comparison> {
  const objects = trial.objects.filter(object => world.serves(object));
  const set = await world.put(objects);
  const first = await askAll(world, set, trial.requests);
  if (first.length === 0) {
    return { differences: [], stale: 0 };
  }
  await world.refresh();
  const lasting = await askAll(
    world,
    set,
    first.map(({ ask }) => ask),
  );
  return {
    differences: lasting.map(difference => ({ ...difference, objects })),
    stale: first.length - lasting.length,
  };
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
  const { protocol, gateway, host, port, method, path, headers, jwt } = ask;
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
    address: world.addressOf(namespace, name),
    host,
    port,
    ...(protocol === 'http' ? { method, path, headers, jwt } : {}),
    answeredAfterMs: Number(headers[SLOWLY] ?? 0),
  };
}

function placeOf(id: string): [string, string] {
  const [place, name] = id.split('/');
  return [place, name];
}

function send(world: World, ask: Ask): Promise<SendAnswer> {
  const { protocol, port, host, method, path, jwt } = ask;
  const { app } = world.podOf(...placeOf(ask.from));
  const address = ask.gateway
    ? world.podOf(EDGE, 'edge').address
    : world.addressOf(...placeOf(ask.to));
  const headers = {
    ...ask.headers,
    ...(jwt ? { authorization: `Bearer ${world.tokens.sign(jwt)}` } : {}),
  };
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
  { protocol, host, headers }: Ask,
): string {
  switch (outcome.type) {
    case 'leaves':
      // Behind all that is outside is one pod.
      return [
        `${world.podOf(PLAIN, 'd').id}:8080`,
        outcome.asked ?? host,
        outcome.path,
        describeHeaders(outcome.headers ?? { request: headers }),
      ].join(' ');
    case 'answered':
      return [`status ${outcome.status}`, outcome.location]
        .filter(Boolean)
        .join(' ');
    case 'reaches':
      return [
        `${outcome.pod}:${outcome.port}`,
        ...(protocol === 'http'
          ? [
              outcome.host,
              outcome.path,
              describeHeaders(outcome.headers ?? { request: headers }),
            ]
          : []),
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
  return [
    `${seen.namespace}/${seen.pod}:${seen.port}`,
    seen.headers.host,
    seen.path,
    describeHeaders({ request: seen.headers, response: headers }),
  ].join(' ');
}

/** The headers that generated rules change, on the way there and back. */
function describeHeaders(seen: {
  request: Record<string, string>;
  response?: Record<string, string>;
}): string {
  const { request, response } = CHANGED;
  const list = (names: readonly string[], all: Record<string, string> = {}) =>
    names
      .filter(name => all[name] !== undefined)
      .map(name => `${name}: ${all[name]}`)
      .join('; ');
  return `(${list(request, seen.request)} | ${list(response, seen.response)})`;
}
