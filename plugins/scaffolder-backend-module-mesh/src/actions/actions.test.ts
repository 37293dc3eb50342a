import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { createServer } from 'http';
import { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { parse } from 'yaml';
import { createApplyAction } from './createApplyAction';
import { createRenderAction } from './createRenderAction';
import { createWaitForEntityAction } from './createWaitForEntityAction';

const ANSWERS = {
  name: 'pricing-service',
  namespace: 'autolytiq',
  owner: 'group:default/team-deals',
  image: 'ghcr.io/autolytiq/pricing:1.0.0',
  port: 8090,
};

describe('mesh:onboarding:render', () => {
  const workspacePath = mkdtempSync(join(tmpdir(), 'render-'));
  afterAll(() => rmSync(workspacePath, { recursive: true }));

  it('writes a file for each manifest, in the order to apply them in', async () => {
    const ctx = createMockActionContext({
      input: { ...ANSWERS, callerNamespaces: [] },
      workspacePath,
    });
    await createRenderAction().handler(ctx);
    const folder = join(workspacePath, 'manifests');
    const files = readdirSync(folder).sort();
    expect(files[0]).toBe('01-pricing-service.serviceaccount.yaml');
    expect(files).toHaveLength(8);
    const policy = parse(
      readFileSync(
        join(folder, files.find(file => file.includes('authorization'))!),
        'utf8',
      ),
    );
    expect(policy.spec.rules[0].from[0].source.namespaces).toEqual([
      'autolytiq',
    ]);
    expect(ctx.output).toHaveBeenCalledWith(
      'manifests',
      expect.arrayContaining([expect.objectContaining({ kind: 'Service' })]),
    );
  });

  it('quotes names that other readers of YAML would take for no text', async () => {
    const ctx = createMockActionContext({
      input: { ...ANSWERS, name: 'no', targetPath: 'quoted' },
      workspacePath,
    });
    await createRenderAction().handler(ctx);
    const folder = join(workspacePath, 'quoted');
    for (const file of readdirSync(folder)) {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(parse(text, { version: '1.1' })).toEqual(parse(text));
    }
    const [account] = readdirSync(folder).sort();
    const text = readFileSync(join(folder, account), 'utf8');
    expect(parse(text, { version: '1.1' }).metadata.name).toBe('no');
  });

  it('stays inside the workspace', async () => {
    const ctx = createMockActionContext({
      input: { ...ANSWERS, targetPath: '../../outside' },
      workspacePath,
    });
    await expect(createRenderAction().handler(ctx)).rejects.toThrow(
      /not allowed/i,
    );
  });
});

describe('mesh:onboarding:apply', () => {
  const input = {
    ...ANSWERS,
    cluster: 'demo',
    callerNamespaces: ['autolytiq'],
  };

  async function withBackend(
    answer: { status: number; body: object },
    test: (
      action: ReturnType<typeof createApplyAction>,
      seen: any[],
    ) => Promise<void>,
  ) {
    const seen: any[] = [];
    const server = createServer(async (req, res) => {
      let text = '';
      for await (const chunk of req) {
        text += chunk;
      }
      seen.push({
        url: req.url,
        token: req.headers.authorization,
        body: JSON.parse(text),
      });
      res.writeHead(answer.status, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify(answer.body));
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    try {
      await test(
        createApplyAction({
          auth: mockServices.auth(),
          discovery: {
            getBaseUrl: async () => `http://127.0.0.1:${port}/api/mesh`,
            getExternalBaseUrl: async () => '',
          },
        }),
        seen,
      );
    } finally {
      server.close();
    }
  }

  it.each([false, true])(
    'asks the mesh backend on behalf of the person (rehearsal: %s)',
    async isDryRun => {
      const body = {
        entityRef: 'component:default/pricing-service',
        applied: ['Service autolytiq/a (created)'],
        findings: [],
      };
      await withBackend({ status: 200, body }, async (action, seen) => {
        const ctx = createMockActionContext({ input });
        await action.handler({ ...ctx, isDryRun });
        expect(seen).toEqual([
          {
            url: '/api/mesh/v1/onboardings',
            token: expect.stringContaining('Bearer mock-service-token'),
            body: {
              ...input,
              ...(isDryRun ? { dryRun: true } : { dryRun: false }),
            },
          },
        ]);
        expect(ctx.output).toHaveBeenCalledWith('entityRef', body.entityRef);
      });
    },
  );

  it('fails with the backend’s own reason', async () => {
    await withBackend(
      {
        status: 403,
        body: { error: { name: 'NotAllowedError', message: 'Not open.' } },
      },
      async action => {
        await expect(
          action.handler(createMockActionContext({ input })),
        ).rejects.toThrow(/403.*|Not open/);
      },
    );
  });
});

describe('mesh:entity:wait', () => {
  const entityRef = 'component:default/pricing-service';
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'pricing-service', namespace: 'default' },
  };

  it('waits until the entity is there', async () => {
    const entities: (typeof entity)[] = [];
    const empty = catalogServiceMock({ entities: [] });
    const full = catalogServiceMock({ entities: [entity] });
    let pauses = 0;
    const action = createWaitForEntityAction({
      catalog: {
        ...empty,
        getEntityByRef: (ref, options) =>
          (entities.length ? full : empty).getEntityByRef(ref, options),
      },
      pause: async () => {
        pauses += 1;
        if (pauses === 3) {
          entities.push(entity);
        }
      },
    });
    await action.handler(createMockActionContext({ input: { entityRef } }));
    expect(pauses).toBe(3);
  });

  it('gives up after its time and says what to check', async () => {
    let time = 0;
    const action = createWaitForEntityAction({
      catalog: catalogServiceMock({ entities: [] }),
      now: () => time,
      pause: async () => {
        time += 30_000;
      },
    });
    await expect(
      action.handler(
        createMockActionContext({ input: { entityRef, timeoutSeconds: 60 } }),
      ),
    ).rejects.toThrow('catalog-backend-module-mesh');
  });
});
