import { z } from 'zod';
import { portNumber } from './containerSchema';
import { metadataSchema } from './metadataSchema';
import { hostOf, isOwnHost, type Subject } from './Subject';

const count = z.number().int().min(0).max(1_000_000).optional();
const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'is no duration')
  .optional();
const subsetName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

function ownHost(subject: Subject) {
  return z
    .string()
    .refine(host => isOwnHost(subject, host), `must be ${hostOf(subject)}`);
}

/** No certificates of its own: they would be read from files or Secrets of the callers. */
const trafficPolicy = z.strictObject({
  tls: z.strictObject({ mode: z.literal('ISTIO_MUTUAL') }).optional(),
  loadBalancer: z
    .strictObject({
      simple: z.enum(['ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM']),
    })
    .optional(),
  connectionPool: z
    .strictObject({
      tcp: z
        .strictObject({ maxConnections: count, connectTimeout: duration })
        .optional(),
      http: z
        .strictObject({
          http1MaxPendingRequests: count,
          http2MaxRequests: count,
          maxRequestsPerConnection: count,
          maxRetries: count,
          idleTimeout: duration,
        })
        .optional(),
    })
    .optional(),
  outlierDetection: z
    .strictObject({
      consecutive5xxErrors: count,
      consecutiveGatewayErrors: count,
      interval: duration,
      baseEjectionTime: duration,
      maxEjectionPercent: z.number().int().min(0).max(100).optional(),
      minHealthPercent: z.number().int().min(0).max(100).optional(),
    })
    .optional(),
});

export function destinationRuleSchema(subject: Subject) {
  return z.strictObject({
    apiVersion: z.literal('networking.istio.io/v1'),
    kind: z.literal('DestinationRule'),
    metadata: metadataSchema(subject),
    spec: z.strictObject({
      host: ownHost(subject),
      trafficPolicy: trafficPolicy.optional(),
      subsets: z
        .array(
          z.strictObject({
            name: subsetName,
            labels: z.strictObject({ version: z.string().max(63) }),
            trafficPolicy: trafficPolicy.optional(),
          }),
        )
        .max(20)
        .optional(),
    }),
  });
}

const oneText = z.union([
  z.strictObject({ exact: z.string().max(500) }),
  z.strictObject({ prefix: z.string().max(500) }),
  z.strictObject({ regex: z.string().max(500) }),
]);
const named = z.record(z.string().max(100), oneText).optional();

const matchSchema = z.strictObject({
  uri: oneText.optional(),
  method: oneText.optional(),
  headers: named,
  queryParams: named,
});

/** No gateway, mirror, delegate or redirect: requests for the service end at the service. */
export function virtualServiceSchema(subject: Subject) {
  const host = ownHost(subject);
  return z.strictObject({
    apiVersion: z.literal('networking.istio.io/v1'),
    kind: z.literal('VirtualService'),
    metadata: metadataSchema(subject),
    spec: z.strictObject({
      hosts: z.array(host).length(1),
      http: z
        .array(
          z.strictObject({
            name: z.string().max(100).optional(),
            match: z.array(matchSchema).max(50).optional(),
            route: z.array(routeSchema(host)).min(1).max(20),
            timeout: duration,
            retries: z
              .strictObject({
                attempts: z.number().int().min(0).max(10),
                perTryTimeout: duration,
                retryOn: z.string().max(500).optional(),
              })
              .optional(),
          }),
        )
        .min(1)
        .max(50),
    }),
  });
}

function routeSchema(host: ReturnType<typeof ownHost>) {
  return z.strictObject({
    destination: z.strictObject({
      host,
      subset: subsetName.optional(),
      port: z.strictObject({ number: portNumber }).optional(),
    }),
    weight: z.number().int().min(0).max(100).optional(),
  });
}
