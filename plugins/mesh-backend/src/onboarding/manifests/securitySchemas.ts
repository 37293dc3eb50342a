import { z } from 'zod';
import { metadataSchema } from './metadataSchema';
import type { Subject } from './Subject';

const texts = z.array(z.string().max(500)).max(100).optional();
const mode = z.strictObject({ mode: z.enum(['STRICT', 'PERMISSIVE']) });

const sourceSchema = z.strictObject({
  namespaces: texts,
  notNamespaces: texts,
  principals: texts,
  notPrincipals: texts,
  requestPrincipals: texts,
});

const operationSchema = z.strictObject({
  hosts: texts,
  ports: texts,
  methods: texts,
  notMethods: texts,
  paths: texts,
  notPaths: texts,
});

/** Its own pods, or it would hold for the whole namespace. */
function selectorSchema({ name }: Subject) {
  return z.strictObject(
    {
      matchLabels: z.strictObject({
        app: z.literal(name, `must be ${name}, or it concerns other services`),
        version: z.string().optional(),
      }),
    },
    `it must select app: ${name}, or it would concern other services`,
  );
}

export function peerAuthenticationSchema(subject: Subject) {
  return z.strictObject({
    apiVersion: z.literal('security.istio.io/v1'),
    kind: z.literal('PeerAuthentication'),
    metadata: metadataSchema(subject),
    spec: z.strictObject({
      selector: selectorSchema(subject),
      mtls: mode.optional(),
      portLevelMtls: z.record(z.string().regex(/^\d{1,5}$/), mode).optional(),
    }),
  });
}

/** No `targetRefs`, which could be a gateway for everybody, and no provider of the platform's. */
export function authorizationPolicySchema(subject: Subject) {
  return z.strictObject({
    apiVersion: z.literal('security.istio.io/v1'),
    kind: z.literal('AuthorizationPolicy'),
    metadata: metadataSchema(subject),
    spec: z.strictObject({
      selector: selectorSchema(subject),
      action: z.enum(['ALLOW', 'DENY']).optional(),
      rules: z
        .array(
          z.strictObject({
            from: z.array(z.strictObject({ source: sourceSchema })).optional(),
            to: z
              .array(z.strictObject({ operation: operationSchema }))
              .optional(),
          }),
        )
        .max(100)
        .optional(),
    }),
  });
}
