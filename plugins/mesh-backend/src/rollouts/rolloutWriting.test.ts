import { type KubeObject, MeshObjects } from '@meshdeck/istio-config';
import { canary, rollout } from './__testUtils__/readObject';
import { writerObstacle } from './rollouts';

const route = (kind: string, metadata: object = {}): KubeObject => ({
  apiVersion:
    kind === 'VirtualService'
      ? 'networking.istio.io/v1'
      : 'gateway.networking.k8s.io/v1',
  kind,
  metadata: { namespace: 'a', name: 'public', ...metadata },
  spec: {},
});
const argo = (trafficRouting: object) =>
  rollout({ strategy: { canary: { trafficRouting } } });
const plugin = (told: object) =>
  argo({ plugins: { 'argoproj-labs/gatewayAPI': told } });

function obstacle(object: KubeObject, tool: KubeObject): string | undefined {
  const { apiVersion, kind, metadata } = object;
  const { namespace, name } = metadata;
  return writerObstacle(MeshObjects.create([object, tool]), {
    apiVersion,
    kind,
    namespace,
    name,
  });
}

describe('the tool that writes an object', () => {
  it.each<[string, KubeObject, KubeObject]>([
    [
      'Flagger, under the name of its target',
      route('HTTPRoute'),
      canary({ targetRef: { name: 'public' } }),
    ],
    [
      'Flagger, which owns it',
      route('HTTPRoute', { ownerReferences: [{ kind: 'Canary', uid: 'u' }] }),
      {
        ...canary({ targetRef: { name: 'other' } }),
        metadata: { namespace: 'a', name: 'shop', uid: 'u' },
      },
    ],
    [
      'Argo Rollouts, by its name',
      route('HTTPRoute'),
      plugin({ httpRoute: 'public' }),
    ],
    [
      'Argo Rollouts, in a list',
      route('GRPCRoute'),
      plugin({ grpcRoutes: [{ name: 'other' }, { name: 'public' }] }),
    ],
    [
      'Argo Rollouts, in another namespace',
      route('HTTPRoute', { namespace: 'b' }),
      plugin({ httpRoute: 'public', namespace: 'b' }),
    ],
    [
      'Argo Rollouts, by its labels',
      route('HTTPRoute', { labels: { app: 'shop' } }),
      plugin({ httpRouteSelector: { matchLabels: { app: 'shop' } } }),
    ],
    [
      'Argo Rollouts, a VirtualService',
      route('VirtualService'),
      argo({ istio: { virtualService: { name: 'public' } } }),
    ],
  ])('is %s', (_what, object, tool) => {
    expect(obstacle(object, tool)).toMatch(/would not last/);
  });

  it.each<[string, KubeObject, KubeObject]>([
    [
      'Flagger that is suspended',
      route('HTTPRoute'),
      canary({ targetRef: { name: 'public' }, suspend: true }),
    ],
    [
      'Flagger of another name',
      route('HTTPRoute'),
      canary({ targetRef: { name: 'shop' } }),
    ],
    [
      'Argo Rollouts for another kind',
      route('GRPCRoute'),
      plugin({ httpRoute: 'public' }),
    ],
    [
      'Argo Rollouts for a namesake elsewhere',
      route('HTTPRoute', { namespace: 'b' }),
      plugin({ httpRoute: 'public' }),
    ],
    [
      'Argo Rollouts without labels that fit',
      route('HTTPRoute'),
      plugin({ httpRouteSelector: { matchLabels: { app: 'shop' } } }),
    ],
  ])('is not %s', (_what, object, tool) => {
    expect(obstacle(object, tool)).toBeUndefined();
  });
});
