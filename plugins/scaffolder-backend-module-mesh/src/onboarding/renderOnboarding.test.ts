import {
  effectiveMtls,
  evaluateAccess,
  findings,
  KubeObject,
  matchRequest,
  effectiveRoutes,
  MeshObjects,
} from '@meshdeck/istio-config';
import { OnboardingAnswers, renderOnboarding } from './renderOnboarding';

const ANSWERS: OnboardingAnswers = {
  name: 'pricing-service',
  namespace: 'autolytiq',
  owner: 'group:default/team-deals',
  system: 'autolytiq',
  image: 'ghcr.io/autolytiq/pricing:1.0.0',
  port: 8090,
  replicas: 2,
  callerNamespaces: ['autolytiq'],
  withCanary: true,
};

/** The rendered objects, with a ready pod for each Deployment. */
function rendered(answers: Partial<OnboardingAnswers> = {}) {
  const objects = renderOnboarding({ ...ANSWERS, ...answers }) as KubeObject[];
  const pods = objects
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata, spec }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...spec.template.metadata,
        name: `${metadata.name}-pod`,
        namespace: metadata.namespace,
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
        ],
      },
      spec: {
        ...spec.template.spec,
        containers: [...spec.template.spec.containers, { name: 'istio-proxy' }],
      },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    }));
  return { objects, set: MeshObjects.create([...objects, ...pods]) };
}

describe('renderOnboarding', () => {
  it('renders the seven steps: account, pods, Service, mTLS, access, resilience, routes', () => {
    expect(
      rendered().objects.map(
        ({ kind, metadata }) => `${kind} ${metadata.name}`,
      ),
    ).toEqual([
      'ServiceAccount pricing-service',
      'Deployment pricing-service',
      'Deployment pricing-service-canary',
      'Service pricing-service',
      'PeerAuthentication pricing-service-mtls',
      'AuthorizationPolicy pricing-service-policy',
      'DestinationRule pricing-service',
      'VirtualService pricing-service',
    ]);
  });

  it.each([true, false])(
    'gives Istio nothing to complain about (canary: %s)',
    withCanary => {
      expect(findings(rendered({ withCanary }).set)).toEqual([]);
    },
  );

  it('does what the document asks for, by Istio’s rules', () => {
    const { set } = rendered();
    const workload = {
      namespace: 'autolytiq',
      labels: { app: 'pricing-service', version: 'stable' },
    };
    expect(effectiveMtls(set, workload, 8090)).toMatchObject({
      mode: 'STRICT',
      decidedBy: { name: 'pricing-service-mtls' },
    });
    const may = (namespace: string, path: string, method = 'GET') =>
      evaluateAccess(set, workload, {
        principal: `cluster.local/ns/${namespace}/sa/x`,
        port: 8090,
        method,
        path,
      }).allowed;
    expect(may('autolytiq', '/api/prices', 'POST')).toBe(true);
    expect(may('orion', '/api/prices')).toBe(false);
    expect(may('monitoring', '/metrics')).toBe(true);
    expect(may('monitoring', '/api/prices')).toBe(false);
    const routes = effectiveRoutes(set, {
      namespace: 'autolytiq',
      service: 'pricing-service',
      from: { type: 'mesh', namespace: 'autolytiq' },
    });
    const subsetFor = (headers: Record<string, string>) =>
      matchRequest(routes, { method: 'GET', path: '/', headers }).rule
        ?.destinations[0].subset;
    expect(subsetFor({ 'x-canary': 'true' })).toBe('canary');
    expect(subsetFor({})).toBe('stable');
  });

  it('binds the Service to the new entity and its owner', () => {
    const service = rendered().objects.find(({ kind }) => kind === 'Service');
    expect(service?.metadata.annotations).toEqual({
      'meshdeck.io/entity': 'component:default/pricing-service',
      'meshdeck.io/owner': 'group:default/team-deals',
      'meshdeck.io/system': 'autolytiq',
    });
  });
});
