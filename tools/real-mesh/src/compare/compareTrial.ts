import { randomUUID } from 'crypto';
import {
  type Call,
  type CallOutcome,
  foretellCall,
  type MeshObjects,
} from '@meshdeck/istio-config';
import type { SendAnswer } from '../AppClient';
import type { AnyObject } from '../KubeApi';
import { clientHello } from './clientHello';
import { foretoldEffects, observedEffects } from './effects';
import { CHANGED } from './generate/headers';
import { SLOWLY } from './generate/requests';
import type { Ask, Trial } from './Trial';
import { EDGE, PLAIN } from './places';
import type { World } from './World';

/** A proxy may be a moment late, and a little longer each time. */
const SETTLE_MS = 150;
const TRIES = 7;
const LATE_LOOKS = 2;
const LATE_LOOK_MS = 5000;
const AT_ONCE = 6;
const ANSWERED_WITHIN_MS = 3000;
/** Headers by which the app is told what to do, and asked what arrived. */
const ID = 'x-test-id';
const ANSWER = 'x-answer';
const OUTSIDE_PORTS = [8080, 8081];
/** What a caller sees of a cluster without endpoints: of a request, a connection and a call of gRPC. */
const NOBODY_THERE = ['status 503', 'closed', 'gRPC status 14'];
const GRPC_UNKNOWN = 2;
const GRPC_STATUSES: Record<number, number> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};

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
  /** Requests that found nobody until istiod had forgotten what it keeps, and then ended as foretold. */
  stale: number;
}

/**
 * Asks everything of one configuration; what differs, once more after istiod worked everything out again. What ends as foretold only then
 * is a difference all the same, unless it looks like the fault of istiod that docs/testing.md tells of.
 */
export async function compareTrial(
  world: World,
  trial: Trial,
): Promise<Comparison> {
  const objects = trial.objects.filter(object => world.serves(object));
  const set = await world.put(objects);
  const first = await untilSettled(world, set, trial.requests);
  if (first.length === 0) {
    return { differences: [], stale: 0 };
  }
  const { mayBeStale } = world;
  await world.refresh();
  const lasting = await askAll(
    world,
    set,
    first.map(({ ask }) => ask),
  );
  const asks = new Set(lasting.map(({ ask }) => ask));
  const mended = first.filter(({ ask }) => !asks.has(ask));
  const stale = mended.filter(
    ({ observed }) => mayBeStale && isNobodyThere(observed),
  );
  const late = mended.filter(difference => !stale.includes(difference));
  return {
    differences: [...lasting, ...late].map(difference => ({
      ...difference,
      objects,
    })),
    stale: stale.length,
  };
}

function isNobodyThere(observed: string): boolean {
  return NOBODY_THERE.some(end => observed.startsWith(end));
}

type Unlike = Omit<Difference, 'objects'>;

/** What differs also after proxies had all the time that a busy machine may take; istiod is left alone meanwhile. */
async function untilSettled(
  world: World,
  set: MeshObjects,
  requests: readonly Ask[],
): Promise<Unlike[]> {
  let unlike = await askAll(world, set, requests);
  for (let i = 0; i < LATE_LOOKS && unlike.length > 0; i++) {
    await new Promise(resolve => setTimeout(resolve, LATE_LOOK_MS));
    unlike = await askAll(
      world,
      set,
      unlike.map(({ ask }) => ask),
    );
  }
  return unlike;
}

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
    ...new Set(outcomes.flatMap(outcome => describeAll(world, outcome, ask))),
  ].sort();
  let observed = '';
  for (let i = 0; i < TRIES; i++) {
    observed = await observe(world, ask);
    if (foretold.includes(observed)) {
      return undefined;
    }
    await new Promise(resolve => setTimeout(resolve, SETTLE_MS * (i + 1)));
  }
  const why = [...new Set(outcomes.map(outcome => outcome.why))];
  return { ask, foretold, why, observed };
}

/** What comes back, and where it is to be counted, what arrived. */
async function observe(world: World, ask: Ask): Promise<string> {
  if (ask.answeredWith === undefined) {
    return describeAnswer(await send(world, ask));
  }
  const id = randomUUID();
  const counted = {
    [ID]: id,
    [ANSWER]: String(ask.answeredWith),
    ...ask.headers,
  };
  const answer = await send(world, { ...ask, headers: counted });
  return `${describeAnswer(answer)}${await observedEffects(world, id)}`;
}

function describeAll(world: World, outcome: CallOutcome, ask: Ask): string[] {
  const ends = [describeOutcome(world, outcome, ask)].flat();
  return ask.answeredWith === undefined
    ? ends
    : ends.flatMap(end =>
        foretoldEffects(world, outcome).map(effects => `${end}${effects}`),
      );
}

function callOf(world: World, set: MeshObjects, ask: Ask): Call {
  const { gateway, host, port, sni, method, path, headers, jwt } = ask;
  const [namespace, name] = placeOf(ask.to);
  const protocol = ask.protocol === 'grpc' ? 'http' : ask.protocol;
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
    sni,
    ...(protocol === 'http' ? { method, path, headers, jwt } : {}),
    answeredAfterMs: Number(headers[SLOWLY] ?? 0),
    answeredWith: ask.answeredWith,
  };
}

function placeOf(id: string): [string, string] {
  const [place, name] = id.split('/');
  return [place, name];
}

function send(world: World, ask: Ask): Promise<SendAnswer> {
  const { protocol, port, host, sni, method, path, jwt } = ask;
  const { app } = world.podOf(...placeOf(ask.from));
  const address = ask.gateway
    ? world.podOf(EDGE, 'edge').address
    : world.addressOf(...placeOf(ask.to));
  const headers = {
    ...ask.headers,
    ...(jwt ? { authorization: `Bearer ${world.tokens.sign(jwt)}` } : {}),
  };
  const withinMs = ANSWERED_WITHIN_MS;
  return isRequest(ask)
    ? app.send({
        kind: ask.protocol,
        ...{ address, port, host, method, path, headers, withinMs },
        ...(sni === undefined ? {} : { tls: { sni } }),
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
  ask: Ask,
): string | string[] {
  const { host, headers } = ask;
  switch (outcome.type) {
    case 'leaves':
      // Behind all that is outside is one pod, and its port is not told.
      return OUTSIDE_PORTS.map(port =>
        [
          `${world.podOf(PLAIN, 'd').id}:${port}`,
          outcome.asked ?? host,
          outcome.path,
          describeHeaders(outcome.headers ?? { request: headers }),
        ].join(' '),
      );
    case 'answered':
      return ask.protocol === 'grpc'
        ? `gRPC status ${grpcStatusFor(outcome.status)}`
        : [`status ${outcome.status}`, outcome.location]
            .filter(Boolean)
            .join(' ');
    case 'reaches':
      return [
        `${outcome.pod}:${outcome.port}`,
        ...(isRequest(ask)
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

function isRequest(ask: Ask): ask is Ask & { protocol: 'http' | 'grpc' } {
  return ask.protocol === 'http' || ask.protocol === 'grpc';
}

/** What a proxy answers to gRPC in place of a status of HTTP. Source: envoy source/common/grpc/common.cc, httpToGrpcStatus. */
function grpcStatusFor(status: number): number {
  return GRPC_STATUSES[status] ?? GRPC_UNKNOWN;
}

function describeAnswer(answer: SendAnswer): string {
  const { error, status, headers, body, grpcStatus } = answer;
  if (error) {
    return 'closed';
  }
  if (status === undefined) {
    const [first] = (body ?? '').split('\n');
    const seen = first.startsWith('{') ? JSON.parse(first) : undefined;
    return seen ? `${seen.namespace}/${seen.pod}:${seen.port}` : 'closed';
  }
  if (!headers?.['x-answered-by'] && headers?.['grpc-status']) {
    return `gRPC status ${grpcStatus}`;
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
