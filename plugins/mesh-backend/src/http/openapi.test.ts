import Ajv from 'ajv/dist/2020';
import { DemoMesh } from '@meshdeck/demo-mesh';
import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import { parse } from 'yaml';
import { movableRules } from '../__testUtils__/ruleNames';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

const api = parse(
  readFileSync(
    join(
      dirname(require.resolve('@meshdeck/plugin-mesh-common/package.json')),
      'openapi.yaml',
    ),
    'utf8',
  ),
);
const PLACE: Record<string, string> = {
  kind: 'component',
  namespace: 'default',
  name: 'auth-service',
  placement: 'demo:orion:auth-service',
};
/** What is sent where a route wants a body. */
const BODIES: Record<string, object> = {
  ServiceChangeIntent: { what: { intent: 'breaker', maxConnections: 100 } },
  TryRouteRequest: { method: 'POST', path: '/api/auth/login' },
  TryCallRequest: { from: 'orion/billing', method: 'GET', path: '/' },
  MendIntent: {
    code: 'MD0101',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      namespace: 'orion',
      name: 'auth-service',
    },
    path: 'spec.trafficPolicy.outlierDetection.consecutiveErrors',
  },
};
/** Writes: other tests have them. */
const LEFT_OUT = /\/apply$|^\/onboardings$/;

const routes: [name: string, method: string, path: string][] = Object.entries(
  api.paths,
).flatMap(([path, methods]) =>
  Object.keys(methods as object).map((method): [string, string, string] => [
    `${method.toUpperCase()} ${path}`,
    method,
    path,
  ]),
);

describe('the API', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  let traceId: string;
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema(
    JSON.parse(
      JSON.stringify({ $id: 'api', components: api.components }),
    ) as object,
  );
  const validate = (schema: { $ref: string }, value: unknown) => {
    const check = ajv.compile({ $ref: `api${schema.$ref}` });
    check(value);
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
      config: {
        // One refresh period for the whole test: what did not change is the same view.
        refreshSeconds: 600,
        kiali: { url: `${mesh.urls.kiali}/kiali` },
      },
    });
    const { body } = await portal.get(
      'auth-service',
      '/placements/demo:orion:auth-service/traces',
    );
    traceId = body.traces[0].traceId;
    const [{ rule }] = await movableRules(
      portal,
      'auth-service',
      '/placements/demo:orion:auth-service',
    );
    BODIES.WeightIntent = { rule, weights: { stable: 90, canary: 10 } };
  });

  afterAll(async () => {
    await portal.server.stop();
    await mesh.stop();
  });

  it.each(routes.filter(([, , path]) => !LEFT_OUT.test(path)))(
    '%s answers what openapi.yaml says',
    async (_name, method, path) => {
      const operation = api.paths[path][method];
      const url = path.replace(/\{(\w+)\}/g, (_all, name) =>
        encodeURIComponent({ ...PLACE, traceId }[name as string]!),
      );
      const asked =
        operation.requestBody?.content['application/json'].schema.$ref;
      const body = asked && BODIES[asked.split('/').at(-1)];
      const ask = () =>
        portal.send(
          method as 'get' | 'post',
          url,
          'Bearer mock-user-token',
          body,
        );
      const response = await ask();
      const schema = operation.responses['200'].content['application/json'];
      expect({
        status: response.status,
        asked: asked ? validate({ $ref: asked }, body) : [],
        answered: schema ? validate(schema.schema, response.body) : [],
      }).toEqual({ status: 200, asked: [], answered: [] });
      const again = await ask().set(
        'If-None-Match',
        operation.responses['304'] ? response.headers.etag : '"other"',
      );
      expect(again.status).toBe(operation.responses['304'] ? 304 : 200);
    },
  );

  it('answers a mistake as openapi.yaml says', async () => {
    const { status, body } = await portal.get('nobody', '/placements');
    expect(status).toBe(404);
    expect(validate({ $ref: '#/components/schemas/ErrorBody' }, body)).toEqual(
      [],
    );
  });
});
