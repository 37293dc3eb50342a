import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import {
  type ActionContext,
  createTemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { MeshClient } from '@meshdeck/plugin-mesh-common';
import { answersFields } from './answersSchema';
import { applyExamples } from './examples';

interface Portal {
  auth: AuthService;
  discovery: DiscoveryService;
}

/**
 * `mesh:onboarding:apply`: hands the answers to the mesh backend, which asks whether the person may, renders the objects, rehearses all of
 * them on the API server, writes them and remembers it, and takes back what it wrote where one fails. Applying the same again changes nothing.
 */
export function createApplyAction(options: Portal) {
  return createTemplateAction({
    id: 'mesh:onboarding:apply',
    description:
      'Brings a new service into the mesh of a cluster: all of its objects or none.',
    examples: applyExamples,
    supportsDryRun: true,
    schema: {
      input: {
        cluster: z =>
          z.string().describe('Cluster, as the kubernetes backend names it'),
        ...answersFields,
      },
      output: {
        entityRef: z => z.string().describe('The entity of the new service'),
        applied: z => z.array(z.string()).describe('What was written'),
      },
    },
    async handler(ctx) {
      const client = await clientFor(ctx, options);
      const result = await client.onboard({
        ...ctx.input,
        dryRun: ctx.isDryRun,
      });
      result.applied.forEach(line => ctx.logger.info(line));
      for (const finding of result.findings) {
        ctx.logger.warn(`${finding.code}: ${finding.message} ${finding.fix}`);
      }
      ctx.output('entityRef', result.entityRef);
      ctx.output('applied', result.applied);
    },
  });
}

/** Asks the mesh backend in the name of the person who runs the template, as long as the task runs. */
async function clientFor(
  ctx: Pick<ActionContext<any>, 'getInitiatorCredentials' | 'signal'>,
  { auth, discovery }: Portal,
): Promise<MeshClient> {
  const { token } = await auth.getPluginRequestToken({
    onBehalfOf: await ctx.getInitiatorCredentials(),
    targetPluginId: 'mesh',
  });
  return MeshClient.create({
    baseUrl: () => discovery.getBaseUrl('mesh'),
    fetch: (input, init) =>
      fetch(input, {
        ...init,
        headers: {
          ...(init?.headers as Record<string, string>),
          Authorization: `Bearer ${token}`,
        },
        signal: ctx.signal,
      }),
  });
}
