import { z } from 'zod';

export const portNumber = z.number().int().min(1).max(65535);
/** A port's number, or the name of one of the container's own. */
export const portReference = z.union([
  portNumber,
  z.string().regex(/^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/),
]);
const seconds = z.number().int().min(0).max(3600).optional();
const quantity = z.union([
  z.number().min(0),
  z.string().regex(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, 'is no quantity'),
]);
const amounts = z.strictObject({
  cpu: quantity.optional(),
  memory: quantity.optional(),
  'ephemeral-storage': quantity.optional(),
});

/** Of the pod itself: a host of its own would make the kubelet ask around in the network. */
const probe = z.strictObject({
  httpGet: z
    .strictObject({
      path: z.string().max(500).optional(),
      port: portReference,
      scheme: z.enum(['HTTP', 'HTTPS']).optional(),
    })
    .optional(),
  tcpSocket: z.strictObject({ port: portReference }).optional(),
  grpc: z
    .strictObject({ port: portNumber, service: z.string().max(253).optional() })
    .optional(),
  initialDelaySeconds: seconds,
  periodSeconds: seconds,
  timeoutSeconds: seconds,
  successThreshold: seconds,
  failureThreshold: seconds,
});

const seccompProfile = z.strictObject({ type: z.literal('RuntimeDefault') });
const user = z.number().int().min(1).optional();

/** Only what Kubernetes' `restricted` standard asks for. Source: its Pod Security Standards. */
export const podSecuritySchema = z.strictObject({
  runAsNonRoot: z.literal(true).optional(),
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  seccompProfile: seccompProfile.optional(),
});

const containerSecurity = podSecuritySchema.omit({ fsGroup: true }).extend({
  privileged: z.literal(false).optional(),
  allowPrivilegeEscalation: z.literal(false).optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
  capabilities: z
    .strictObject({ drop: z.tuple([z.literal('ALL')]) })
    .optional(),
});

export const containerSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
    // Istio takes a container of this name for its own and lays it over the sidecar.
    .refine(name => !name.startsWith('istio-'), 'belongs to Istio'),
  image: z.string().regex(/^[A-Za-z0-9][\w./:@-]{0,499}$/, 'is no image'),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  ports: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        containerPort: portNumber,
        protocol: z.enum(['TCP', 'UDP']).optional(),
      }),
    )
    .max(20)
    .optional(),
  env: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z_][\w.-]{0,252}$/, 'is no variable'),
        value: z.string().max(4000).optional(),
      }),
    )
    .max(100)
    .optional(),
  resources: z
    .strictObject({ requests: amounts.optional(), limits: amounts.optional() })
    .optional(),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  startupProbe: probe.optional(),
  securityContext: containerSecurity.optional(),
});
