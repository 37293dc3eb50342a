import { read } from '../http/requests';
import { objectField, placementFields } from './fields';
import { aboutPlacement, ActionServices, READ_ONLY } from './MeshActions';
import { nameOf } from './plain';

/** `explain-access` */
export function registerAccessAction(services: ActionServices): void {
  const { actionsRegistry, access, clusters, security } = services;
  actionsRegistry.register({
    name: 'explain-access',
    title: 'Explain whether a call is allowed',
    description:
      'Says how a concrete call to a service ends in the mesh: allowed, denied by a policy (403) or refused by mTLS, and what decided it.',
    attributes: READ_ONLY,
    schema: {
      input: zod =>
        zod.object({
          ...placementFields(zod),
          method: zod.string().describe('As GET'),
          path: zod.string().describe('As /api/orders'),
          from: zod
            .string()
            .optional()
            .describe(
              'The calling workload, as namespace/name. By default a caller outside the mesh.',
            ),
          port: zod.number().int().optional(),
        }),
      output: zod =>
        zod.object({
          placement: zod.string(),
          outcome: zod.enum(['allowed', 'denied', 'refused']),
          sentence: zod.string(),
          decidedBy: objectField(zod),
        }),
    },
    examples: [
      {
        title: 'May billing read a profile?',
        input: {
          entityRef: 'component:default/auth-service',
          from: 'orion/billing',
          method: 'GET',
          path: '/api/auth/me',
        },
      },
    ],
    action: context =>
      aboutPlacement(access, 'explain-access', context, async at => {
        const { from, method, path, port } = context.input;
        const result = await security.tryCall(
          clusters,
          at.placement,
          read.tryCall({ from, method, path, port }),
        );
        return {
          placement: at.placement.id,
          outcome: result.outcome,
          sentence: result.sentence,
          decidedBy: result.decidedBy && nameOf(result.decidedBy),
        };
      }),
  });
}
