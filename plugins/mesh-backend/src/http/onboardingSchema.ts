import { isDnsLabel } from '@meshdeck/plugin-mesh-common';
import { z } from 'zod';

const MOST_CALLERS = 100;

const text = z.string().min(1).max(253);
/** Whatever reads text later may end at such a letter, or draw it as what it is not. */
const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, 'expected one line of text');
const namespace = z
  .string()
  .refine(isDnsLabel, 'that is no namespace: expected one such as orders');

/**
 * What somebody answers who brings a service into the mesh. Each answer ends up in objects of the cluster, so nothing of it can be more than
 * what it is asked for: a name no other name, a namespace no pattern.
 */
export const onboardingSchema = z.strictObject({
  cluster: text,
  namespace,
  name: z
    .string()
    .regex(
      /^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/,
      'expected lower-case letters, digits and hyphens, at most 50',
    )
    // Istio takes a container of such a name for its own and lays it over the sidecar.
    .refine(
      name => !name.startsWith('istio-'),
      'names that begin with istio- belong to Istio',
    ),
  owner: text,
  system: z
    .string()
    .max(253)
    .regex(
      /^([\w-]+:)?([\w.-]+\/)?[\w.-]+$/,
      'expected an entity such as system:default/shop',
    )
    .optional(),
  description: line(400).optional(),
  image: z
    .string()
    .regex(
      /^[A-Za-z0-9][\w./:@-]{0,499}$/,
      'expected an image such as ghcr.io/shop/till:1.0.0',
    ),
  port: z.number().int().min(1).max(65535),
  replicas: z.number().int().min(1).max(20).optional(),
  callerNamespaces: z.array(namespace).max(MOST_CALLERS).optional(),
  withCanary: z.boolean().optional(),
  dryRun: z.boolean().optional(),
});
