import type { TryRouteResult } from '@meshdeck/plugin-mesh-common';
import { read } from '../http/requests';
import { placementFields, type Zod } from './fields';
import { aboutPlacement, ActionServices, READ_ONLY } from './MeshActions';

const decisionFields = (zod: Zod) => ({
  sentence: zod.string(),
  rule: zod
    .number()
    .optional()
    .describe('Counted from 1, in the order in which they are tried'),
  destinations: zod.array(
    zod.object({
      host: zod.string(),
      subset: zod.string().optional(),
      share: zod.number().describe('0 to 1'),
      readyPods: zod.number(),
    }),
  ),
  skipped: zod.array(zod.object({ rule: zod.number(), why: zod.string() })),
});

/** `explain-route` */
export function registerRouteAction(services: ActionServices): void {
  const { actionsRegistry, access, clusters, routes } = services;
  actionsRegistry.register({
    name: 'explain-route',
    title: 'Explain where a request goes',
    description:
      'Says which routing rule a concrete request to a service takes, why, where it ends up, and why the other rules do not take it.',
    attributes: READ_ONLY,
    schema: {
      input: zod =>
        zod.object({
          ...placementFields(zod),
          method: zod.string().describe('As GET'),
          path: zod.string().describe('As /api/orders'),
          host: zod.string().optional(),
          headers: zod.record(zod.string()).optional(),
          fromNamespace: zod
            .string()
            .optional()
            .describe('Namespace of the caller. By default the service’s own.'),
        }),
      output: zod =>
        zod.object({ placement: zod.string(), ...decisionFields(zod) }),
    },
    examples: [
      {
        title: 'Where does a login go?',
        input: {
          entityRef: 'component:default/auth-service',
          method: 'POST',
          path: '/api/auth/login',
        },
      },
    ],
    action: context =>
      aboutPlacement(access, 'explain-route', context, async at => {
        const { method, path, host, headers, fromNamespace } = context.input;
        const result = await routes.tryRequest(
          clusters,
          at.placement,
          read.tryRoute({ method, path, host, headers, fromNamespace }),
        );
        return { placement: at.placement.id, ...plainDecision(result) };
      }),
  });
}

function plainDecision(result: TryRouteResult) {
  const { sentence, rule, destinations, skipped } = result;
  return {
    sentence,
    rule: rule?.number,
    destinations: destinations.map(
      ({ host, subset, configuredShare, readyPods }) => ({
        host,
        subset,
        share: configuredShare,
        readyPods,
      }),
    ),
    skipped: skipped.map(({ number, why }) => ({ rule: number, why })),
  };
}
