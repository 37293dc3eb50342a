import {
  figureFields,
  findingField,
  placementFields,
  verdictField,
} from './fields';
import {
  aboutPlacement,
  ActionServices,
  READ_ONLY,
  WINDOW,
} from './MeshActions';
import { plainFigures, plainFinding, plainVerdict } from './plain';

/** `get-service-mesh-status` */
export function registerStatusAction(services: ActionServices): void {
  const { actionsRegistry, access, views } = services;
  actionsRegistry.register({
    name: 'get-service-mesh-status',
    title: 'Get the mesh status of a service',
    description:
      'Says whether a service is all right in the service mesh, what is wrong first, with its request rate, errors, latency, mTLS and findings of the last 15 minutes.',
    attributes: READ_ONLY,
    schema: {
      input: zod => zod.object(placementFields(zod)),
      output: zod =>
        zod.object({
          placement: zod.string(),
          verdict: verdictField(zod),
          also: zod
            .array(verdictField(zod))
            .describe('What else is wrong, the worst first'),
          inMesh: zod.boolean(),
          ...figureFields(zod),
          mtlsShare: zod.number().optional().describe('0 to 1'),
          routes: zod.number(),
          findings: zod.array(findingField(zod)),
          failingSources: zod
            .array(zod.string())
            .describe('What could not be read, so is missing above'),
        }),
    },
    examples: [
      {
        title: 'Ask how a service is',
        input: { entityRef: 'component:default/auth-service' },
      },
    ],
    action: context =>
      aboutPlacement(access, 'get-service-mesh-status', context, async at => {
        const { value: view } = await views.get('overview', at, WINDOW);
        return {
          placement: at.placement.id,
          verdict: plainVerdict(view.verdict),
          also: view.also.map(plainVerdict),
          inMesh: view.inMesh,
          ...plainFigures(view),
          mtlsShare: view.mtlsShare.value,
          routes: view.routes,
          findings: view.findings.map(plainFinding),
          failingSources: view.sources.flatMap(({ status, message }) =>
            status === 'ok' ? [] : message ?? [],
          ),
        };
      }),
  });
}
