import { figureFields, placementFields, verdictField } from './fields';
import {
  aboutPlacement,
  ActionServices,
  READ_ONLY,
  WINDOW,
} from './MeshActions';
import { plainFigures, plainVerdict } from './plain';

/** `get-canary-status` */
export function registerCanaryAction(services: ActionServices): void {
  const { actionsRegistry, access, views } = services;
  actionsRegistry.register({
    name: 'get-canary-status',
    title: 'Get how a canary fares',
    description:
      'Compares the versions of a service: configured and real share of the traffic, errors and latency of the last 15 minutes.',
    attributes: READ_ONLY,
    schema: {
      input: zod => zod.object(placementFields(zod)),
      output: zod =>
        zod.object({
          placement: zod.string(),
          verdict: verdictField(zod),
          split: verdictField(zod)
            .optional()
            .describe('What the split of requests comes to'),
          provider: zod.string(),
          versions: zod.array(
            zod.object({
              subset: zod.string(),
              weight: zod.number().describe('0 to 100, as configured'),
              liveShare: zod.number().optional().describe('0 to 1'),
              readyPods: zod.number(),
              ...figureFields(zod),
            }),
          ),
        }),
    },
    examples: [
      {
        title: 'How is the canary?',
        input: { entityRef: 'component:default/auth-service' },
      },
    ],
    action: context =>
      aboutPlacement(access, 'get-canary-status', context, async at => {
        const { value: view } = await views.get('canary', at, WINDOW);
        return {
          placement: at.placement.id,
          verdict: plainVerdict(view.verdict),
          split: view.remark && plainVerdict(view.remark),
          provider: view.provider,
          versions: view.versions.map(version => ({
            subset: version.subset,
            weight: version.weight,
            liveShare: version.liveShare,
            readyPods: version.readyPods,
            ...plainFigures(version),
          })),
        };
      }),
  });
}
