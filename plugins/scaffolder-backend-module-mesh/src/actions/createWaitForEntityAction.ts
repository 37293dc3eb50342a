import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { waitExamples } from './examples';

const PAUSE_MS = 500;
const DEFAULT_TIMEOUT_SECONDS = 60;

/** `mesh:entity:wait`: waits until the catalog shows the entity of an onboarded service. */
export function createWaitForEntityAction(options: {
  catalog: CatalogService;
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
}) {
  const {
    catalog,
    now = Date.now,
    pause = ms => new Promise(resolve => setTimeout(resolve, ms)),
  } = options;
  return createTemplateAction({
    id: 'mesh:entity:wait',
    description: 'Waits until the catalog shows an entity.',
    examples: waitExamples,
    supportsDryRun: true,
    schema: {
      input: {
        entityRef: z => z.string().describe('The entity to wait for'),
        timeoutSeconds: z =>
          z
            .number()
            .min(1)
            .max(600)
            .optional()
            .describe(
              `How long at most; by default ${DEFAULT_TIMEOUT_SECONDS}`,
            ),
      },
      output: {
        entityRef: z => z.string(),
      },
    },
    async handler(ctx) {
      const { entityRef, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = ctx.input;
      ctx.output('entityRef', entityRef);
      if (ctx.isDryRun) {
        return;
      }
      const credentials = await ctx.getInitiatorCredentials();
      const end = now() + timeoutSeconds * 1000;
      while (!(await catalog.getEntityByRef(entityRef, { credentials }))) {
        if (ctx.signal?.aborted) {
          throw new Error('Cancelled');
        }
        if (now() > end) {
          throw new Error(
            `The service is applied, but the catalog does not show ${entityRef} after ${timeoutSeconds} s. Check that the catalog backend has the module catalog-backend-module-mesh.`,
          );
        }
        await pause(PAUSE_MS);
      }
      ctx.logger.info(`${entityRef} is in the catalog`);
    },
  });
}
