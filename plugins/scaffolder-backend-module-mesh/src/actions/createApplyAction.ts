import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import {
  type ActionContext,
  createTemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { Manifest, MeshClient } from '@meshdeck/plugin-mesh-common';
import { applyExamples } from './examples';

interface Portal {
  auth: AuthService;
  discovery: DiscoveryService;
}

/**
 * `mesh:onboarding:apply`: hands the manifests to the mesh backend, which asks whether the person may, rehearses all of
 * them on the API server, applies them server-side, and takes back what it created where one fails. Applying the same
 * again changes nothing.
 */
export function createApplyAction(options: Portal) {
  return createTemplateAction({
    id: 'mesh:onboarding:apply',
    description:
      'Applies the manifests of a new service to a cluster, server-side, all or none.',
    examples: applyExamples,
    supportsDryRun: true,
    schema: {
      input: {
        cluster: z =>
          z.string().describe('Cluster, as the kubernetes backend names it'),
        namespace: z => z.string().describe('Namespace of all manifests'),
        name: z => z.string().describe('Name of the new service'),
        owner: z =>
          z
            .string()
            .describe(
              'Owner; you must belong to it and the namespace must be open to it',
            ),
        manifests: z =>
          z
            .array(z.record(z.any()))
            .describe('Output of mesh:onboarding:render'),
      },
      output: {
        entityRef: z => z.string().describe('The entity of the new service'),
        applied: z => z.array(z.string()).describe('What was written'),
      },
    },
    async handler(ctx) {
      const client = await clientFor(ctx, options);
      const { manifests, ...place } = ctx.input;
      const result = await client.onboard({
        ...place,
        manifests: manifests as unknown as Manifest[],
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
