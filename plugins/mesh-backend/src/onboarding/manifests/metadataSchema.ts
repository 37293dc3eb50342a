import {
  ANNOTATION_MESHDECK_ENTITY,
  ANNOTATION_MESHDECK_OWNER,
  LABEL_MESHDECK_ONBOARDED,
} from '@meshdeck/plugin-mesh-common';
import { KUBERNETES_ANNOTATION } from '@backstage/plugin-kubernetes-common';
import { z } from 'zod';
import type { Subject } from './Subject';

const labelValue = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/, 'is no label');

/**
 * Labels decide to whom a thing belongs, and what other people's selectors find: a free one could be the label by which
 * another team lets pods into its database.
 */
function labelsSchema({ name }: Subject) {
  return z.strictObject({
    app: z.literal(name, `must be ${name}`).optional(),
    version: labelValue.optional(),
    tier: z.literal('backend', 'must be backend').optional(),
    [KUBERNETES_ANNOTATION]: z.literal(name, `must be ${name}`).optional(),
    [LABEL_MESHDECK_ONBOARDED]: z.literal('true', 'must be true').optional(),
  });
}

/** Annotations are as strong as fields: Istio's can mount volumes, a cloud's can lend a role. */
export function metadataSchema(
  subject: Subject,
  annotations: z.ZodRawShape = {},
) {
  const { namespace, entityRef, owner } = subject;
  return z.strictObject({
    name: z.string(),
    namespace: z.literal(namespace, `must be ${namespace}`),
    labels: labelsSchema(subject).optional(),
    annotations: z
      .strictObject({
        [ANNOTATION_MESHDECK_ENTITY]: z
          .literal(entityRef, `must be ${entityRef}`)
          .optional(),
        [ANNOTATION_MESHDECK_OWNER]: z
          .string()
          .refine(text => text.toLowerCase() === owner, `must be ${owner}`)
          .optional(),
        ...annotations,
      })
      .optional(),
  });
}

/** Of the pods: by `app` the Service and the policies find them. */
export function podMetadataSchema(subject: Subject) {
  const { name } = subject;
  const quantity = z.string().regex(/^\d+(\.\d+)?(m|Ki|Mi|Gi)?$/, 'is none');
  return z.strictObject({
    labels: labelsSchema(subject).extend({
      app: z.literal(name, `must be ${name}: the pods are labelled so`),
      'sidecar.istio.io/inject': z
        .literal('true', 'must be true: the service comes into the mesh')
        .optional(),
    }),
    annotations: z
      .strictObject({
        'sidecar.istio.io/proxyCPU': quantity.optional(),
        'sidecar.istio.io/proxyCPULimit': quantity.optional(),
        'sidecar.istio.io/proxyMemory': quantity.optional(),
        'sidecar.istio.io/proxyMemoryLimit': quantity.optional(),
        'prometheus.io/scrape': z.enum(['true', 'false']).optional(),
        'prometheus.io/port': z
          .string()
          .regex(/^\d{1,5}$/)
          .optional(),
        'prometheus.io/path': z
          .string()
          .regex(/^\/[\w./-]*$/)
          .optional(),
        [ANNOTATION_MESHDECK_ENTITY]: z
          .literal(subject.entityRef, `must be ${subject.entityRef}`)
          .optional(),
      })
      .optional(),
  });
}
