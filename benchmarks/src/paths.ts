import type { HttpClient } from './HttpClient';

const CLUSTER = 'demo';

/** The name of the n-th generated service, from 1. */
export function nameOf(index: number): string {
  return `service-${String(index).padStart(4, '0')}`;
}

/** Ten services to a namespace. */
export function namespaceOf(name: string): string {
  const index = Number(name.split('-')[1]);
  return `team-${String(Math.ceil(index / 10)).padStart(3, '0')}`;
}

function placementPath(name: string): string {
  return `/api/mesh/v1/entities/component/default/${name}/placements/${encodeURIComponent(
    `${CLUSTER}:${namespaceOf(name)}:${name}`,
  )}`;
}

export function overviewPath(name: string): string {
  return `${placementPath(name)}/overview`;
}

export function routesPath(name: string): string {
  return `${placementPath(name)}/routes`;
}

export function changesPath(
  name: string,
  step: '' | '/preview' | '/apply' = '',
): string {
  return `${placementPath(name)}/changes${step}`;
}

export const FLEET_CHANGES_PATH = '/api/mesh/v1/fleet/changes';

export function virtualServicePath(name: string): string {
  return `/apis/networking.istio.io/v1/namespaces/${namespaceOf(
    name,
  )}/virtualservices/${name}`;
}

const NETWORKING = [
  'virtualservices',
  'destinationrules',
  'gateways',
  'serviceentries',
  'sidecars',
].map(plural => ({
  group: 'networking.istio.io',
  apiVersion: 'v1',
  plural,
}));
const SECURITY = [
  'peerauthentications',
  'authorizationpolicies',
  'requestauthentications',
].map(plural => ({ group: 'security.istio.io', apiVersion: 'v1', plural }));

/** What the peers' own pages ask for one entity. */
export function peersOf(client: HttpClient) {
  return {
    kubernetes: async (name: string) => {
      const body = { entityRef: `component:default/${name}`, auth: {} };
      await Promise.all([
        client.post('/api/kubernetes/resources/workloads/query', body),
        client.post('/api/kubernetes/resources/custom/query', {
          ...body,
          customResources: [...NETWORKING, ...SECURITY],
        }),
      ]);
    },
    kiali: (name: string) =>
      client.post('/api/kiali/proxy', {
        provider: CLUSTER,
        endpoint: `api/namespaces/${namespaceOf(
          name,
        )}/services/${name}?validate=true&rateInterval=60s`,
      }),
  };
}
