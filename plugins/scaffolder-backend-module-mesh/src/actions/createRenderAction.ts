import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { type KubeObject, onboardingObjects } from '@meshdeck/istio-config';
import { promises as fs } from 'fs';
import { stringify } from 'yaml';
import { answersFields } from './answersSchema';
import { renderExamples } from './examples';

const TARGET_PATH = 'manifests';

/** `mesh:onboarding:render`: writes the manifests of a new service into the workspace, one file each. */
export function createRenderAction() {
  return createTemplateAction({
    id: 'mesh:onboarding:render',
    description:
      'Renders what a new service needs in the mesh: account, Deployments, Service, mTLS, who may call, resilience, routes.',
    examples: renderExamples,
    supportsDryRun: true,
    schema: {
      input: {
        ...answersFields,
        targetPath: z =>
          z
            .string()
            .optional()
            .describe(
              `Folder of the workspace to write into; by default ${TARGET_PATH}`,
            ),
      },
      output: {
        manifests: z =>
          z
            .array(z.record(z.any()))
            .describe('The manifests, in the order in which they are applied'),
        files: z => z.array(z.string()).describe('The files written'),
      },
    },
    async handler(ctx) {
      // The scaffolder checks inputs against the schema, but fills no defaults in.
      const { targetPath = TARGET_PATH, ...answers } = ctx.input;
      const manifests = onboardingObjects(answers);
      const folder = resolveSafeChildPath(ctx.workspacePath, targetPath);
      await fs.mkdir(folder, { recursive: true });
      const files = await writeEach(folder, manifests);
      for (const { kind, metadata } of manifests) {
        ctx.logger.info(`Rendered ${kind} ${metadata.name}`);
      }
      ctx.output('manifests', manifests);
      ctx.output(
        'files',
        files.map(file => `${targetPath}/${file}`),
      );
    },
  });
}

/** One file for each manifest, named so that they sort in the order in which they are applied. */
async function writeEach(
  folder: string,
  manifests: readonly KubeObject[],
): Promise<string[]> {
  const files: string[] = [];
  for (const [index, manifest] of manifests.entries()) {
    const { kind, metadata } = manifest;
    const number = String(index + 1).padStart(2, '0');
    const file = `${number}-${metadata.name}.${kind.toLowerCase()}.yaml`;
    await fs.writeFile(
      resolveSafeChildPath(folder, file),
      // What kubectl and Argo CD, which read YAML 1.1, would take for no text (`yes`, `on`) is quoted.
      stringify(manifest, { lineWidth: 0, compat: 'yaml-1.1' }),
    );
    files.push(file);
  }
  return files;
}
