import type { DemoMesh } from '@meshdeck/demo-mesh';
import type { Finding } from '@meshdeck/plugin-mesh-common';
import { AUTH, authService } from '../__testUtils__/authService';
import { eventually } from '../__testUtils__/eventually';
import { movableRules } from '../__testUtils__/ruleNames';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

const STAGING = '/placements/demo:orion-staging:auth-service';
const NOTIFY = '/placements/demo:orion:notification-service';

const byId = (name: string) =>
  component(name, { 'backstage.io/kubernetes-id': name });

describe('mending a finding', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      entities: [
        authService,
        byId('notification-service'),
        component('thief', { 'meshdeck.io/services': 'orion/auth-service' }),
      ],
    });
  });

  afterAll(async () => {
    portal.server.stop();
    await mesh.stop();
  });

  const found = async (
    entity: string,
    placement: string,
    code: string,
  ): Promise<Finding> => {
    const { body } = await portal.get(entity, `${placement}/routes`);
    const finding = body.findings.find((one: Finding) => one.code === code);
    if (!finding) {
      throw new Error(`no ${code}: ${JSON.stringify(body.findings)}`);
    }
    return finding;
  };
  const intentOf = ({ code, object, path }: Finding) => ({
    code,
    object,
    path,
  });
  const preview = (entity: string, placement: string, body: object) =>
    portal.postTo(entity, `${placement}/findings/preview`, body);
  const apply = (entity: string, placement: string, body: object) =>
    portal.postTo(entity, `${placement}/findings/apply`, body);

  const urlOf = ({ object }: Pick<Finding, 'object'>) =>
    `${mesh.urls.kubernetes}/apis/networking.istio.io/v1/namespaces/${
      object.namespace
    }/${object.kind.toLowerCase()}s/${object.name}`;
  const inCluster = async (finding: Pick<Finding, 'object'>) =>
    (await fetch(urlOf(finding))).json();
  const asSomebody = async (
    finding: Pick<Finding, 'object'>,
    spec: object,
  ): Promise<void> => {
    const answer = await fetch(`${urlOf(finding)}?fieldManager=somebody`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec }),
    });
    expect(answer.status).toBe(200);
  };

  it('previews, takes over only when told, writes, and the finding is gone', async () => {
    const finding = await found('auth-service', AUTH, 'MD0101');
    expect(finding.mend).toBe(
      'Pods are ejected after 5 errors in a row: consecutiveErrors becomes consecutive5xxErrors.',
    );
    const { body: seen } = await preview(
      'auth-service',
      AUTH,
      intentOf(finding),
    );
    expect(seen).toMatchObject({
      sentence: finding.mend,
      dryRun: { ok: true },
      findingsNew: [],
      findingsFixed: [{ code: 'MD0101' }],
      takesOverFrom: [expect.any(String)],
    });
    expect(seen.before).toContain('consecutiveErrors: 5');
    expect(seen.after).not.toContain('consecutiveErrors');
    const request = {
      ...intentOf(finding),
      resourceVersion: seen.resourceVersion,
    };
    const untaken = await apply('auth-service', AUTH, request);
    expect([untaken.status, untaken.body.error.message]).toEqual([
      400,
      expect.stringContaining(`${seen.takesOverFrom[0]} owns`),
    ]);
    const before = await inCluster(finding);
    expect(before.spec.trafficPolicy.outlierDetection.consecutiveErrors).toBe(
      5,
    );

    const applied = await apply('auth-service', AUTH, {
      ...request,
      takeOver: true,
    });
    expect(applied.status).toBe(200);
    const { spec } = await inCluster(finding);
    expect(spec).toEqual({
      ...before.spec,
      trafficPolicy: {
        ...before.spec.trafficPolicy,
        outlierDetection: {
          interval: '30s',
          baseEjectionTime: '30s',
          maxEjectionPercent: 50,
          consecutive5xxErrors: 5,
        },
      },
    });
    await eventually(async () => {
      const { body } = await portal.get('auth-service', `${AUTH}/routes`);
      const codes = body.findings.map(({ code }: Finding) => code);
      expect(codes).not.toContain('MD0101');
    });
    const again = await apply('auth-service', AUTH, request);
    expect([again.status, again.body.error.message]).toEqual([
      404,
      expect.stringContaining('no longer found'),
    ]);
  });

  it('writes nothing where somebody was faster', async () => {
    const finding = await found('auth-service', STAGING, 'MD0101');
    const { body: seen } = await preview(
      'auth-service',
      STAGING,
      intentOf(finding),
    );
    await asSomebody(finding, {
      trafficPolicy: { outlierDetection: { interval: '7s' } },
    });
    const { status, body } = await apply('auth-service', STAGING, {
      ...intentOf(finding),
      resourceVersion: seen.resourceVersion,
      takeOver: true,
    });
    expect(status).toBe(409);
    expect(body.conflict).toMatchObject({
      seen: seen.resourceVersion,
      message: expect.stringContaining('Nothing was written'),
      current: { yaml: expect.stringContaining('interval: 7s') },
    });
    const { spec } = await inCluster(finding);
    expect(spec.trafficPolicy.outlierDetection.consecutiveErrors).toBe(10);
  });

  it('takes requests away from a version without pods; moving weights afterwards is no conflict with itself', async () => {
    const rule = {
      object: {
        kind: 'DestinationRule',
        namespace: 'orion',
        name: 'auth-service',
      },
    } as Finding;
    const { spec } = await inCluster(rule);
    const [stable, canary] = spec.subsets;
    await asSomebody(rule, {
      subsets: [stable, { ...canary, labels: { version: 'gone' } }],
    });
    const finding = await eventually(() =>
      found('auth-service', AUTH, 'MD0102'),
    );
    const { body: seen } = await preview(
      'auth-service',
      AUTH,
      intentOf(finding),
    );
    expect(seen).toMatchObject({
      sentence: 'No request goes where no pod is ready: stable gets 100 %.',
      findingsNew: [],
      findingsFixed: [{ code: 'MD0102', path: finding.path }],
    });
    const applied = await apply('auth-service', AUTH, {
      ...intentOf(finding),
      resourceVersion: seen.resourceVersion,
      takeOver: true,
      reason: 'incident 12',
    });
    expect(applied.status).toBe(200);
    await asSomebody(rule, { subsets: [stable, canary] });
    await eventually(async () => {
      const { body } = await portal.get('auth-service', `${AUTH}/canary`);
      expect(body.rules[0].weights).toEqual({ stable: 100, canary: 0 });
      expect(body.history.moves[0]).toMatchObject({ why: 'incident 12' });
    });
    const [{ rule: split }] = await movableRules(portal, 'auth-service', AUTH);
    const intent = { rule: split, weights: { stable: 75, canary: 25 } };
    const weights = `${AUTH}/canary`;
    const { body: move } = await portal.postTo(
      'auth-service',
      `${weights}/preview`,
      intent,
    );
    expect(move).toMatchObject({ takesOverFrom: [], dryRun: { ok: true } });
    const moved = await portal.postTo('auth-service', `${weights}/apply`, {
      ...intent,
      resourceVersion: move.resourceVersion,
    });
    expect(moved.body.object.yaml).toContain('weight: 25');
  });

  it('leaves alone what decides over services that do not name the entity', async () => {
    const shared = {
      object: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        namespace: 'orion',
        name: 'shared',
      },
    };
    const route = [{ destination: { host: 'auth-service' } }];
    const created = await fetch(urlOf(shared).replace('/shared', ''), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        apiVersion: shared.object.apiVersion,
        kind: shared.object.kind,
        metadata: { name: 'shared', namespace: 'orion' },
        spec: { hosts: ['billing'], http: [{ route }, { route }] },
      }),
    });
    expect(created.status).toBe(201);
    const finding = await eventually(() =>
      found('auth-service', AUTH, 'IST0130'),
    );
    const { status, body } = await preview(
      'auth-service',
      AUTH,
      intentOf(finding),
    );
    expect([status, body.error.message]).toEqual([
      403,
      expect.stringContaining('decides over orion/billing, too'),
    ]);
  });

  it('leaves to a tool what the tool drives', async () => {
    const place = {
      object: {
        kind: 'VirtualService',
        namespace: 'orion',
        name: 'notification-service',
      },
    } as Finding;
    const { spec } = await inCluster(place);
    const [rule] = spec.http;
    await asSomebody(place, {
      http: [
        { ...rule, match: undefined },
        { ...rule, match: undefined },
      ],
    });
    const finding = await eventually(() =>
      found('notification-service', NOTIFY, 'IST0130'),
    );
    const { status, body } = await preview(
      'notification-service',
      NOTIFY,
      intentOf(finding),
    );
    expect([status, body.error.message]).toEqual([
      409,
      expect.stringContaining('Flagger drives this canary'),
    ]);
  });

  const object = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    namespace: 'orion',
    name: 'auth-service',
  };
  it.each<[string, object, number, string]>([
    ['nothing', {}, 400, 'code'],
    ['a code that is none', { code: '../x', object }, 400, 'IST0101'],
    ['an object without a name', { code: 'MD0101', object: {} }, 400, 'object'],
    [
      'what is not found there',
      { code: 'MD0106', object, path: 'spec' },
      404,
      'no longer found',
    ],
    [
      'somebody else’s object',
      { code: 'MD0101', object: { ...object, namespace: 'orion-staging' } },
      404,
      'no longer found',
    ],
  ])('refuses %s', async (_name, body, expected, message) => {
    const answer = await preview('auth-service', AUTH, body);
    expect(answer.status).toBe(expected);
    expect(answer.body.error.message).toContain(message);
  });

  it('refuses an entity where the cluster names another', async () => {
    const { status, body } = await preview('thief', AUTH, {
      code: 'MD0101',
      object,
    });
    expect([status, body.error.message]).toEqual([
      404,
      expect.stringContaining('belongs to another entity'),
    ]);
  });
});
