import { ANNOTATION_MESHDECK_SYSTEM } from '@meshdeck/plugin-mesh-common';
import { z } from 'zod';
import { portNumber, portReference } from './containerSchema';
import { metadataSchema } from './metadataSchema';
import type { Subject } from './Subject';

/** Inside the cluster only, for its own pods: no address of its own choice, no port of the nodes, no name elsewhere. */
export function serviceSchema(subject: Subject) {
  const { name } = subject;
  return z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Service'),
    metadata: metadataSchema(subject, {
      [ANNOTATION_MESHDECK_SYSTEM]: z
        .string()
        .regex(/^([\w-]+:)?([\w.-]+\/)?[\w.-]+$/, 'is no entity')
        .optional(),
      'meshdeck.io/description': z.string().max(400).optional(),
    }),
    spec: z.strictObject({
      type: z
        .literal('ClusterIP', 'must be ClusterIP: onboarding opens no way in')
        .optional(),
      selector: z.strictObject({
        app: z.literal(name, `must be ${name}, or it would find other pods`),
        version: z.string().optional(),
      }),
      ports: z
        .array(
          z.strictObject({
            name: z.string().optional(),
            port: portNumber,
            targetPort: portReference.optional(),
            protocol: z.enum(['TCP', 'UDP']).optional(),
            appProtocol: z.string().max(253).optional(),
          }),
        )
        .min(1)
        .max(20),
    }),
  });
}
