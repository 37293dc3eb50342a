import { InputError } from '@backstage/errors';
import { isMap } from '@meshdeck/istio-config';
import {
  type ApplyRequest,
  isApiVersion,
  isDnsLabel,
  isObjectName,
  type MendIntent,
  type MendRequest,
  type OnboardingRequest,
  type ServiceChangeIntent,
  type ServiceChangeRequest,
  TIME_WINDOWS,
  type TimeWindow,
  TOPOLOGY_SCOPES,
  type TopologyScope,
  type TraceQuery,
  type TryCallRequest,
  type TryRouteRequest,
  type WeightIntent,
} from '@meshdeck/plugin-mesh-common';
import { z } from 'zod';
import { onboardingSchema } from './onboardingSchema';

const name = z.string().min(1).max(253);
const method = z
  .string()
  .regex(/^[A-Z]{1,20}$/, 'expected a method such as GET');
const path = z
  .string()
  .max(2000)
  .regex(/^\/[^\s#]*$/, 'expected a path such as /api/orders');
const text = z.string().max(500);
/** What becomes a part of a path to the API server. */
const apiVersion = name.refine(isApiVersion, 'expected one such as apps/v1');
const kind = name.regex(/^[A-Z][A-Za-z0-9]*$/, 'expected one such as Service');
const namespaceName = name.refine(isDnsLabel, 'that is no namespace');
const objectName = name.refine(isObjectName, 'that is no name of an object');

const objectRef = z.object({
  apiVersion,
  kind,
  namespace: namespaceName.optional(),
  name: objectName,
});

/** That one change writes. */
const MOST_OBJECTS = 100;

const weightIntent = z.object({
  rule: z.object({ object: objectRef, path: text, digest: text }),
  weights: z.record(name, z.number().int().min(0).max(100)),
});

const mendIntent = z.object({
  code: z.string().regex(/^(IST|MD)\d{4}$/, 'expected a code such as IST0101'),
  object: objectRef,
  path: text.optional(),
});

const lock = z.object({
  /** Empty where there was no such object. */
  resourceVersion: z.string().max(100),
  first: z
    .array(
      z.object({ object: objectRef, resourceVersion: z.string().max(100) }),
    )
    .max(MOST_OBJECTS)
    .optional(),
  reason: z.string().trim().max(200).optional(),
  takeOver: z.boolean().optional(),
  asPullRequest: z.boolean().optional(),
  requestHead: z.string().max(100).optional(),
});

const ruleName = z.object({ object: objectRef, path: text, digest: text });
const onRule = { rule: ruleName.optional() };
const number = z.number().min(-1e9).max(1e9);
const limit = number.nullable().optional();
const version = z.string().min(1).max(100);
/** An object that is longer is no rule that a person wrote. */
const MOST_YAML = 100_000;
const quantity = z.string().max(30).optional();

/** The planners say what numbers fit; here only what kind of thing each answer is. */
const serviceIntent = z.object({
  what: z.discriminatedUnion('intent', [
    z.strictObject({
      intent: z.literal('timeout'),
      ...onRule,
      timeoutMs: number.optional(),
    }),
    z.strictObject({
      intent: z.literal('fault'),
      ...onRule,
      delay: z.strictObject({ percent: number, delayMs: number }).optional(),
      abort: z.strictObject({ percent: number, httpStatus: number }).optional(),
      lastsMs: number,
    }),
    z.strictObject({
      intent: z.literal('retries'),
      ...onRule,
      attempts: number.optional(),
      perTryTimeoutMs: number.optional(),
      retryOn: text.optional(),
    }),
    z.strictObject({
      intent: z.literal('mirror'),
      ...onRule,
      to: z.object({ subset: name, percent: number }).optional(),
    }),
    z.strictObject({
      intent: z.literal('conditionalRoute'),
      ...onRule,
      on: z.union([
        z.strictObject({ header: name, value: text }),
        z.strictObject({ cookie: name, value: text }),
      ]),
      subset: name,
    }),
    z.strictObject({
      intent: z.literal('breaker'),
      maxConnections: limit,
      maxPendingRequests: limit,
      maxRequests: limit,
      maxRequestsPerConnection: limit,
      consecutiveErrors: limit,
      intervalMs: limit,
      ejectionMs: limit,
      maxEjectionPercent: limit,
    }),
    z.strictObject({
      intent: z.literal('balancing'),
      by: z
        .union([
          z.strictObject({
            simple: z.enum(['ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM']),
          }),
          z.strictObject({ header: name }),
          z.strictObject({ cookie: name, ttlMs: number }),
          z.strictObject({ sourceIp: z.literal(true) }),
        ])
        .optional(),
      nearFirst: z.boolean().optional(),
    }),
    z.strictObject({
      intent: z.literal('mtls'),
      scope: z.enum(['namespace', 'workload', 'port']),
      port: z.number().int().min(1).max(65535).optional(),
      mode: z.enum(['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET']),
    }),
    z.strictObject({
      intent: z.literal('allowCaller'),
      principal: text,
      methods: z.array(text).max(20).optional(),
      paths: z.array(text).max(20).optional(),
    }),
    z.strictObject({
      intent: z.literal('denyByDefault'),
      callers: z.array(text).max(200),
    }),
    z.strictObject({ intent: z.literal('sampling'), percent: number }),
    z.strictObject({
      intent: z.literal('proxyResources'),
      workload: name,
      cpu: quantity,
      cpuLimit: quantity,
      memory: quantity,
      memoryLimit: quantity,
    }),
    z.strictObject({
      intent: z.literal('enrolment'),
      workload: name.optional(),
      mode: z.enum(['sidecar', 'ambient', 'none']),
      revision: name.optional(),
    }),
    z.strictObject({
      intent: z.literal('editObject'),
      object: objectRef,
      seen: version,
      yaml: z.string().min(1).max(MOST_YAML),
    }),
    z.strictObject({
      intent: z.literal('deleteObject'),
      object: objectRef,
      seen: version,
    }),
    z.strictObject({ intent: z.literal('restart'), workload: name }),
    z.strictObject({ intent: z.literal('undo'), change: z.uuid() }),
  ]),
});

const schemas = {
  tryRoute: z.object({
    method,
    path,
    host: text.optional(),
    headers: z.record(text, text).optional(),
    fromNamespace: namespaceName.optional(),
  }),
  tryCall: z.object({
    from: z
      .string()
      .regex(/^[a-z0-9-]+\/[a-z0-9.-]+$/, 'expected namespace/workload')
      .optional(),
    method,
    path,
    port: z.number().int().min(1).max(65535).optional(),
    jwt: z
      .object({
        issuer: text.min(1),
        subject: text.optional(),
        claims: z.record(name, text).optional(),
      })
      .optional(),
  }),
  weightIntent,
  apply: weightIntent.extend(lock.shape),
  mendIntent,
  mend: mendIntent.extend(lock.shape),
  serviceIntent,
  serviceChange: serviceIntent.extend(lock.shape),
  traceQuery: z.object({
    operation: text.optional(),
    tags: z
      .string()
      .max(2000)
      .transform(parseJson)
      .pipe(z.record(text, text))
      .optional(),
    minDurationMs: z.coerce.number().min(0).max(86_400_000).optional(),
    errorsOnly: z.enum(['true', 'false']).optional(),
    version: text.optional(),
    limit: z.coerce.number().int().min(1).max(200).optional(),
  }),
  names: z.array(name).max(100),
  onboarding: onboardingSchema,
};

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue.path.join('.') || 'the body';
    throw new InputError(`${where}: ${issue.message}`);
  }
  return result.data;
}

/** One of a few words; the usual one where the request has none. */
function oneOf<T extends string>(
  choices: readonly T[],
  asked: { name: string; value: unknown; usual: T },
): T {
  const { name: key, value = asked.usual } = asked;
  const found = choices.find(candidate => candidate === value);
  if (!found) {
    const given = String(value).slice(0, 50);
    throw new InputError(
      `${key} is "${given}": expected one of ${choices.join(', ')}`,
    );
  }
  return found;
}

/** Reads what requests carry. @throws InputError naming the field that does not fit. */
export const read = {
  window: (value: unknown): TimeWindow =>
    oneOf(TIME_WINDOWS, { name: 'window', value, usual: '15m' }),
  scope: (value: unknown): TopologyScope =>
    oneOf(TOPOLOGY_SCOPES, { name: 'scope', value, usual: 'service' }),
  tryRoute: (body: unknown): TryRouteRequest => parsed(schemas.tryRoute, body),
  tryCall: (body: unknown): TryCallRequest => parsed(schemas.tryCall, body),
  weightIntent: (body: unknown): WeightIntent =>
    parsed(schemas.weightIntent, body),
  apply: (body: unknown): ApplyRequest => parsed(schemas.apply, body),
  mendIntent: (body: unknown): MendIntent => parsed(schemas.mendIntent, body),
  mend: (body: unknown): MendRequest => parsed(schemas.mend, body),
  serviceIntent: (body: unknown): ServiceChangeIntent =>
    parsed(schemas.serviceIntent, body),
  serviceChange: (body: unknown): ServiceChangeRequest =>
    parsed(schemas.serviceChange, body),
  /** One or several, as a query has them. */
  names: (value: unknown): string[] =>
    parsed(schemas.names, [value ?? []].flat()),
  onboarding: (body: unknown): OnboardingRequest => {
    if (isMap(body) && body.manifests !== undefined) {
      throw new InputError(
        'manifests: a service is brought into the mesh by answers (image, port, owner and so on), from which the portal renders the manifests itself.',
      );
    }
    return parsed(schemas.onboarding, body);
  },
  traceQuery: (query: unknown): TraceQuery => {
    const { errorsOnly, ...rest } = parsed(schemas.traceQuery, query);
    return { ...rest, errorsOnly: errorsOnly === 'true' };
  },
  traceId: (id: string): string => {
    if (!/^[0-9a-fA-F]{1,32}$/.test(id)) {
      throw new InputError('That is no trace id: expected 32 hex digits');
    }
    return id;
  },
};
