import { findingField, placementFields } from './fields';
import {
  aboutPlacement,
  ActionServices,
  READ_ONLY,
  WINDOW,
} from './MeshActions';
import { plainFinding } from './plain';

/** `list-mesh-findings` */
export function registerFindingsAction(services: ActionServices): void {
  const { actionsRegistry, access, views } = services;
  actionsRegistry.register({
    name: 'list-mesh-findings',
    title: 'List what is wrong in the mesh configuration of a service',
    description:
      'Lists mistakes in the Istio configuration of a service, each with its object, what it means and how to mend it.',
    attributes: READ_ONLY,
    schema: {
      input: zod =>
        zod.object({
          ...placementFields(zod),
          level: zod
            .enum(['error', 'warning', 'info'])
            .optional()
            .describe('The least level to list. By default everything.'),
        }),
      output: zod =>
        zod.object({
          placement: zod.string(),
          findings: zod.array(findingField(zod)),
        }),
    },
    examples: [
      {
        title: 'List errors only',
        input: { entityRef: 'component:default/auth-service', level: 'error' },
      },
    ],
    action: context =>
      aboutPlacement(access, 'list-mesh-findings', context, async at => {
        const { value } = await views.get('overview', at, WINDOW);
        const levels = ['error', 'warning', 'info'];
        const least = levels.indexOf(context.input.level ?? 'info');
        return {
          placement: at.placement.id,
          findings: value.findings
            .filter(({ level }) => levels.indexOf(level) <= least)
            .map(plainFinding),
        };
      }),
  });
}
