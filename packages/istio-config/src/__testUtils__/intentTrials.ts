import fc from 'fast-check';
import { MeshObjects } from '../MeshObjects';
import { effectiveRoutes } from '../routes/effectiveRoutes';
import type { RuleSource } from '../routes/types';
import type { ChangePlan } from '../edits/ChangePlan';
import { planAllowCaller, planDenyByDefault } from '../edits/callers';
import { planBreaker } from '../edits/circuitBreaker';
import { planConditionalRoute } from '../edits/conditionalRoute';
import { planDeletion, planObject } from '../edits/editObject';
import { planEnrolment } from '../edits/enrolment';
import { planFault, planTimedFault } from '../edits/faultInjection';
import { planBalancing } from '../edits/loadBalancing';
import { planMirror } from '../edits/mirrorTraffic';
import { planPeerMode } from '../edits/peerMode';
import { planProxyResources } from '../edits/proxyResources';
import { planRestart } from '../edits/restartWorkload';
import { planRetries } from '../edits/routeRetries';
import { planTimeout } from '../edits/routeTimeout';
import { planSampling } from '../edits/sampling';
import { planBackendShift } from '../edits/shiftBackends';
import { gatewayRoutes, intentConfigurations } from './intentConfigurations';
import { perhaps } from './routeParts';
import type { Trial } from './tryIntent';

const AUTH = { namespace: 'one', service: 'auth' };

const percent = fc.integer({ min: 1, max: 100 });
const ms = fc.integer({ min: 1, max: 60_000 });
const subset = fc.constantFrom('stable', 'canary', 'beta');
const workload = fc.constantFrom('auth-stable', 'auth-canary');
const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { noNullPrototype: true });

/** An intent on a rule of the service, whichever it has, or on the default one. */
function onRule<A extends object>(
  answers: fc.Arbitrary<A>,
  plan: (set: MeshObjects, answers: A & { rule?: RuleSource }) => ChangePlan,
  fields: string,
  beside: readonly RegExp[] = [],
): Trial {
  return fc
    .tuple(intentConfigurations, answers, fc.nat())
    .map(([objects, given, which]) => () => {
      const set = MeshObjects.create(objects);
      const sources = effectiveRoutes(set, {
        ...AUTH,
        from: { type: 'mesh', namespace: 'one' },
      }).rules.flatMap(({ source }) => source ?? []);
      const rule = sources[which % Math.max(sources.length, 1)];
      const place = rule ? `\\[${rule.at[2]}\\]` : '\\[0\\]';
      return {
        plan: plan(set, { ...given, rule }),
        mayChange: [
          new RegExp(`^spec\\.http${place}\\.(${fields})\\b`),
          ...beside,
        ],
      };
    });
}

function onService<A>(
  answers: fc.Arbitrary<A>,
  plan: (set: MeshObjects, answers: A) => ChangePlan,
  mayChange: readonly RegExp[],
): Trial {
  return fc
    .tuple(intentConfigurations, answers)
    .map(([objects, given]) => () => ({
      plan: plan(MeshObjects.create(objects), given),
      mayChange,
    }));
}

const perhapsNull = (arbitrary: fc.Arbitrary<number>) =>
  fc.oneof(fc.constant(undefined), fc.constant(null), arbitrary);

const TEMPLATE = 'spec\\.template\\.metadata\\.';

/** Each intent with the answers that it is tried with. */
export const INTENT_TRIALS: Record<string, Trial> = {
  timeout: onRule(
    record({ timeoutMs: perhaps(ms) }),
    (set, answers) => planTimeout(set, AUTH, answers),
    'timeout',
  ),
  retries: onRule(
    record({
      attempts: perhaps(fc.integer({ min: 0, max: 10 })),
      perTryTimeoutMs: perhaps(ms),
      retryOn: perhaps(fc.constantFrom('5xx', 'reset,503')),
    }),
    (set, answers) => planRetries(set, AUTH, answers),
    'retries',
  ),
  fault: onRule(
    record({
      delay: perhaps(record({ percent, delayMs: ms })),
      abort: perhaps(
        record({ percent, httpStatus: fc.constantFrom(503, 429) }),
      ),
    }),
    (set, answers) => planFault(set, AUTH, answers),
    'fault',
  ),
  timedFault: onRule(
    record({ abort: record({ percent, httpStatus: fc.constant(503) }) }),
    (set, answers) =>
      planTimedFault(set, AUTH, answers, {
        id: '6f4d8a1e-3b1a-4a43-9c1a-2f6f0a7a1b2c',
        at: '2026-11-29T14:05:00.000Z',
      }),
    'fault',
    [/^metadata\.annotations\.ends/],
  ),
  mirror: onRule(
    record({ to: perhaps(record({ subset, percent })) }),
    (set, answers) => planMirror(set, AUTH, answers),
    'mirror|mirrors|mirrorPercentage|mirrorPercent',
  ),
  conditionalRoute: onRule(
    record({
      on: fc.oneof(
        record({
          header: fc.constant('x-beta'),
          value: fc.string({ minLength: 1 }),
        }),
        record({
          cookie: fc.constant('beta'),
          value: fc.constantFrom('1', 'a.b('),
        }),
      ),
      subset,
    }),
    (set, answers) => planConditionalRoute(set, AUTH, answers),
    // Held by its own judge: what is below moves down by one.
    'match|route',
  ),
  breaker: onService(
    record({
      maxConnections: perhapsNull(fc.integer({ min: 1, max: 100 })),
      maxPendingRequests: perhapsNull(fc.integer({ min: 1, max: 100 })),
      maxRequests: perhapsNull(fc.integer({ min: 1, max: 100 })),
      consecutiveErrors: perhapsNull(fc.integer({ min: 1, max: 100 })),
      ejectionMs: perhapsNull(ms),
      maxEjectionPercent: perhapsNull(fc.integer({ min: 0, max: 100 })),
    }),
    (set, answers) => planBreaker(set, AUTH, answers),
    [
      /^spec\.trafficPolicy\.connectionPool\.tcp\.maxConnections$/,
      /^spec\.trafficPolicy\.connectionPool\.http\.(http1MaxPendingRequests|http2MaxRequests)$/,
      /^spec\.trafficPolicy\.outlierDetection\.(consecutive5xxErrors|baseEjectionTime|maxEjectionPercent)$/,
    ],
  ),
  balancing: onService(
    record({
      by: perhaps(
        fc.oneof(
          fc.constantFrom<{ simple: 'RANDOM' | 'LEAST_REQUEST' }>(
            { simple: 'RANDOM' },
            { simple: 'LEAST_REQUEST' },
          ),
          fc.constant({ header: 'x-user' }),
          record({ cookie: fc.constant('user'), ttlMs: ms }),
          fc.constant({ sourceIp: true as const }),
        ),
      ),
      nearFirst: perhaps(fc.boolean()),
    }),
    (set, answers) => planBalancing(set, AUTH, answers),
    [
      /^spec\.trafficPolicy\.loadBalancer\.(simple|consistentHash)\b/,
      /^spec\.trafficPolicy\.loadBalancer\.localityLbSetting\.enabled$/,
    ],
  ),
  mtls: onService(
    record({
      scope: fc.constantFrom('namespace', 'workload', 'port'),
      port: fc.constant(80),
      mode: fc.constantFrom('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'),
    }),
    (set, answers) => planPeerMode(set, AUTH, answers),
    [
      /^spec\.mtls\b/,
      /^spec\.portLevelMtls\.8080\b/,
      // What tells callers otherwise.
      /^spec\.(subsets\[\d+\]\.)?trafficPolicy\.tls\b/,
    ],
  ),
  allowCaller: onService(
    record({
      principal: fc.constantFrom('cluster.local/ns/two/sa/new'),
      methods: perhaps(fc.constant(['GET', 'POST'])),
      paths: perhaps(fc.constantFrom(['/api/*'], ['/a', '/b'])),
    }),
    (set, answers) => planAllowCaller(set, AUTH, answers),
    [/^spec\.rules(\[\d\])?$/],
  ),
  denyByDefault: onService(
    record({
      callers: fc.subarray([
        'cluster.local/ns/two/sa/new',
        'cluster.local/ns/two/sa/old',
      ]),
    }),
    (set, answers) => planDenyByDefault(set, AUTH, answers),
    [],
  ),
  sampling: onService(
    record({ percent: fc.integer({ min: 0, max: 10_000 }).map(n => n / 100) }),
    (set, answers) => planSampling(set, AUTH, answers),
    [/^spec\.tracing(\[0\]\.randomSamplingPercentage|\[0\])?$/],
  ),
  proxyResources: onService(
    record({
      workload,
      cpu: perhaps(fc.constantFrom('100m', '1')),
      memoryLimit: perhaps(fc.constantFrom('128Mi', '1Gi')),
    }),
    (set, answers) => planProxyResources(set, AUTH, answers),
    [new RegExp(`^${TEMPLATE}annotations\\.sidecar\\.istio\\.io/proxy`)],
  ),
  enrolment: onService(
    record({
      workload: perhaps(workload),
      mode: fc.constantFrom('sidecar', 'ambient', 'none'),
      revision: perhaps(fc.constant('new')),
    }),
    (set, answers) => planEnrolment(set, AUTH, answers),
    [
      /^metadata\.labels\.(istio-injection|istio\.io\/(rev|dataplane-mode))$/,
      new RegExp(
        `^${TEMPLATE}labels\\.(sidecar\\.istio\\.io/inject|istio\\.io/(rev|dataplane-mode))$`,
      ),
    ],
  ),
  restart: onService(
    record({ workload, at: fc.constant('2026-11-29T12:00:00.000Z') }),
    (set, answers) => planRestart(set, AUTH, answers),
    [
      new RegExp(
        `^${TEMPLATE}annotations\\.kubectl\\.kubernetes\\.io/restartedAt$`,
      ),
    ],
  ),
  editObject: fc
    .tuple(intentConfigurations, intentConfigurations, fc.nat())
    .map(([objects, others, which]) => () => {
      const before = objects[which % objects.length];
      const other = others.find(({ kind }) => kind === before.kind) ?? before;
      const written = { ...before, spec: other.spec };
      return {
        plan: planObject(before, JSON.parse(JSON.stringify(written))),
        mayChange: [/^spec\b/],
      };
    }),
  deleteObject: fc
    .tuple(intentConfigurations, fc.nat())
    .map(([objects, which]) => () => ({
      plan: planDeletion(objects[which % objects.length]),
      mayChange: [],
    })),
};

/** Weights of HTTPRoutes and GRPCRoutes; those of VirtualServices have a property of their own. */
export const GATEWAY_API_WEIGHTS: Trial = fc
  .tuple(gatewayRoutes, fc.nat(), fc.array(fc.integer({ min: 0, max: 100 })))
  .map(([route, which, cuts]) => () => {
    const index = which % route.spec.rules.length;
    const count = route.spec.rules[index].backendRefs.length;
    const ends = [...cuts.slice(0, count - 1).sort((a, b) => a - b)];
    while (ends.length < count - 1) {
      ends.push(100);
    }
    const weights = [...ends, 100].map(
      (end, at, all) => end - (all[at - 1] ?? 0),
    );
    const { kind, apiVersion } = route;
    return {
      plan: planBackendShift(MeshObjects.create([route]), {
        rule: {
          object: { apiVersion, kind, namespace: 'one', name: 'auth' },
          at: ['spec', 'rules', index],
        },
        weights,
      }),
      mayChange: [
        new RegExp(
          `^spec\\.rules\\[${index}\\]\\.backendRefs\\[\\d\\]\\.weight$`,
        ),
      ],
    };
  });
