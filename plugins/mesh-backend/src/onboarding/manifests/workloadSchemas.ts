import { z } from 'zod';
import { metadataSchema, podMetadataSchema } from './metadataSchema';
import { containerSchema, podSecuritySchema } from './containerSchema';
import type { Subject } from './Subject';

const MOST_REPLICAS = 20;

/** An account of its own and nothing that hangs on it: no secret, no role of a cloud. */
export function serviceAccountSchema(subject: Subject) {
  return z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('ServiceAccount'),
    metadata: metadataSchema(subject),
    automountServiceAccountToken: z.boolean().optional(),
  });
}

/** Containers under the service's own account: no volumes, nothing of the node, nobody else's secrets. */
export function deploymentSchema(subject: Subject) {
  const { name } = subject;
  return z.strictObject({
    apiVersion: z.literal('apps/v1'),
    kind: z.literal('Deployment'),
    metadata: metadataSchema(subject),
    spec: z.strictObject({
      replicas: z.number().int().min(0).max(MOST_REPLICAS).optional(),
      selector: z.strictObject({
        matchLabels: z.strictObject({
          app: z.literal(name, `must be ${name}`),
          version: z.string().optional(),
        }),
      }),
      template: z.strictObject({
        metadata: podMetadataSchema(subject),
        spec: z.strictObject({
          serviceAccountName: z.literal(
            name,
            `must be ${name}: pods run under the account of their own service`,
          ),
          automountServiceAccountToken: z.boolean().optional(),
          terminationGracePeriodSeconds: z
            .number()
            .int()
            .min(0)
            .max(600)
            .optional(),
          securityContext: podSecuritySchema.optional(),
          containers: z.array(containerSchema).min(1).max(3),
        }),
      }),
    }),
  });
}
