import { component } from '../__testUtils__/startPortal';
import { eventually } from '../__testUtils__/eventually';
import { localhostCertificate } from '../__testUtils__/localhostCertificate';
import { closeServers, serve } from '../__testUtils__/serve';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { ChangingPortal } from './__testUtils__/ChangingPortal';
import { weightedService } from './__testUtils__/weightedService';

const real = TEST_CLUSTERS.find(([name]) => name === 'a real API server');
if (!real) {
  it.todo('admission webhooks of a real API server (needs MESH_TEST_KUBE_URL)');
}

const WEBHOOKS =
  '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const WEIGHTS = { stable: 40, canary: 60 };

(real ? describe : describe.skip)('an admission webhook', () => {
  let cluster: TestCluster;
  let portal: ChangingPortal;
  let place: { namespace: string; name: string };
  /** What it does to the next requests. */
  let response: object;

  beforeAll(async () => {
    cluster = await TestCluster.open(real![1]);
    place = { namespace: `admission-${cluster.id}`, name: 'shop' };
    const labels = { admission: cluster.id };
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: place.namespace, labels },
    });
    for (const object of weightedService(place.namespace, place.name)) {
      await cluster.apply(object);
    }
    const certificate = await localhostCertificate();
    const url = await serve(async (req, res) => {
      let text = '';
      for await (const chunk of req) {
        text += chunk;
      }
      const { request, ...review } = JSON.parse(text);
      res.setHeader('Content-Type', 'application/json');
      res.end(
        JSON.stringify({
          ...review,
          response: { uid: request.uid, ...response },
        }),
      );
    }, certificate);
    await cluster.send('POST', WEBHOOKS, {
      body: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        metadata: { name: `test-${cluster.id}` },
        webhooks: [
          {
            name: 'policy.example.com',
            clientConfig: {
              url,
              caBundle: Buffer.from(certificate.cert).toString('base64'),
            },
            rules: [
              {
                operations: ['UPDATE'],
                apiGroups: ['networking.istio.io'],
                apiVersions: ['*'],
                resources: ['virtualservices'],
              },
            ],
            namespaceSelector: { matchLabels: labels },
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
          },
        ],
      },
    });
    portal = await ChangingPortal.open({
      cluster,
      entities: [
        component(place.name, {
          'meshdeck.io/services': `${place.namespace}/${place.name}`,
        }),
      ],
    });
  });

  afterAll(async () => {
    await cluster.send('DELETE', `${WEBHOOKS}/test-${cluster.id}`);
    await portal?.stop();
    closeServers();
  });

  const rules = () =>
    cluster.get({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      ...place,
    });
  /** Once the server has heard of the webhook. */
  const preview = (heard: (body: any) => void) =>
    eventually(async () => {
      const [{ rule }] = await portal.rules(place);
      const intent = { rule, weights: WEIGHTS };
      const { status, body } = await portal.preview(place, intent);
      expect(status).toBe(200);
      heard(body);
      const { resourceVersion } = body;
      return { body, request: { ...intent, resourceVersion } };
    });

  it('that refuses a change is quoted, before and after, and nothing is written', async () => {
    response = {
      allowed: false,
      status: { code: 422, message: 'no canary on Fridays' },
    };
    const { request } = await preview(({ dryRun }) =>
      expect(dryRun).toMatchObject({
        ok: false,
        message: expect.stringContaining('no canary on Fridays'),
      }),
    );
    const before = await rules();
    const { status, body } = await portal.apply(place, request);
    expect([status, body.error.message]).toEqual([
      400,
      expect.stringMatching(/no canary on Fridays.*Nothing was written/),
    ]);
    expect(await rules()).toEqual(before);
  });

  it('that makes something else of a change is told of, before and after', async () => {
    const patch = [
      { op: 'replace', path: '/spec/http/0/timeout', value: '5s' },
    ];
    response = {
      allowed: true,
      patchType: 'JSONPatch',
      patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    };
    const what = 'spec.http[0].timeout is "5s", not "10s"';
    const { body, request } = await preview(({ remark }) =>
      expect(remark).toContain(what),
    );
    expect(body.dryRun).toEqual({ ok: true });
    expect(body.after).toContain('timeout: 5s');
    const applied = await portal.apply(place, request);
    expect([applied.status, applied.body.remark]).toEqual([
      200,
      expect.stringContaining(what),
    ]);
    expect((await rules()).spec.http[0]).toMatchObject({
      timeout: '5s',
      route: [{ weight: 40 }, { weight: 60 }],
    });
  });
});
