import type { KubeObject } from '@meshdeck/istio-config';
import type { ServiceIntent } from '@meshdeck/plugin-mesh-common';
import { TestCluster } from '../../__testUtils__/testClusters';
import type { ChangingPortal } from './ChangingPortal';
import { portalOver } from './portalOver';
import { backend, boundService, weighedRoute } from './weighedRoute';

export type RouteKind = 'HTTPRoute' | 'GRPCRoute';

/** Each has a route of its name, and a Service for its next version. */
const OWN = [
  'shop',
  'calls',
  'lent',
  'copied',
  'driven',
  'argo',
  'public',
  'lonely',
  'timed',
];
export const EDGE = [
  { name: 'edge', kind: 'Gateway', group: 'gateway.networking.k8s.io' },
];

/** A portal over a namespace of its own with routes of the Gateway API: some are ours alone, some are not. */
export class RouteStage {
  static async open(
    start: Parameters<typeof TestCluster.open>[0],
  ): Promise<RouteStage> {
    const cluster = await TestCluster.open(start);
    const namespace = `routes-${cluster.id}`;
    await cluster.makeNamespace(namespace);
    for (const object of objectsOf(namespace)) {
      await cluster.apply(object, 'meshdeck');
    }
    const portal = await portalOver(cluster, namespace, OWN);
    return new RouteStage(cluster, portal, namespace);
  }

  private constructor(
    readonly cluster: TestCluster,
    readonly portal: ChangingPortal,
    readonly namespace: string,
  ) {}

  async stop(): Promise<void> {
    await this.portal.stop();
    await this.cluster.stop();
  }

  at(name: string) {
    return { namespace: this.namespace, name };
  }

  refOf(name: string, kind: RouteKind = 'HTTPRoute') {
    return {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      ...this.at(name),
    };
  }

  placement(name: string): string {
    return `/placements/c:${this.namespace}:${name}`;
  }

  ask(
    name: string,
    step: 'preview' | 'apply',
    what: ServiceIntent,
    more: object = {},
  ) {
    const path = `${this.placement(name)}/changes/${step}`;
    return this.portal.portal.postTo(name, path, { what, ...more });
  }

  /** Previews it, and makes it as it was previewed. */
  async make(name: string, what: ServiceIntent) {
    const { body } = await this.ask(name, 'preview', what);
    const { resourceVersion } = body;
    return this.ask(name, 'apply', what, { resourceVersion, takeOver: true });
  }

  /** Takes back what was changed last. */
  async undoLast(name: string) {
    const path = `${this.placement(name)}/changes`;
    const { body } = await this.portal.portal.get(name, path);
    return this.make(name, { intent: 'undo', change: body.changes[0].id });
  }
}

const split = (name: string, more: object = {}) => [
  { backendRefs: [backend(name, 1), backend(`${name}-next`, 1)], ...more },
];

function objectsOf(namespace: string): KubeObject[] {
  const at = (name: string) => ({ namespace, name });
  const plugin = {
    'argoproj-labs/gatewayAPI': { httpRoute: 'argo', namespace },
  };
  return [
    ...OWN.flatMap(name =>
      [name, `${name}-next`].map(each =>
        boundService(namespace, each, `component:default/${name}`),
      ),
    ),
    boundService(namespace, 'stranger'),
    weighedRoute('HTTPRoute', at('shop')),
    weighedRoute('GRPCRoute', at('calls')),
    weighedRoute('HTTPRoute', at('lent'), {
      rules: [{ backendRefs: [backend('lent', 1), backend('stranger', 1)] }],
    }),
    weighedRoute('HTTPRoute', at('copied'), {
      rules: split('copied', {
        filters: [
          {
            type: 'RequestMirror',
            requestMirror: { backendRef: backend('stranger') },
          },
        ],
      }),
    }),
    weighedRoute('HTTPRoute', at('driven'), { rules: split('driven') }),
    weighedRoute('HTTPRoute', at('argo'), { rules: split('argo') }),
    weighedRoute('HTTPRoute', at('timed'), { rules: split('timed') }),
    weighedRoute('HTTPRoute', at('public'), {
      parentRefs: [...EDGE, { group: '', kind: 'Service', name: 'public' }],
      hostnames: ['shop.example.com'],
      rules: split('public'),
    }),
    weighedRoute('HTTPRoute', at('lonely'), {
      parentRefs: [...EDGE, { group: '', kind: 'Service', name: 'lonely' }],
      hostnames: ['lonely.example.org'],
      rules: split('lonely'),
    }),
    weighedRoute('HTTPRoute', at('strangers'), {
      parentRefs: EDGE,
      hostnames: ['*.example.com'],
      rules: [{ backendRefs: [backend('stranger')] }],
    }),
    {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      metadata: at('any'),
      spec: {
        provider: 'gatewayapi:v1',
        targetRef: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'driven',
        },
        service: { port: 80 },
        analysis: { interval: '1m', threshold: 1 },
      },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: at('any'),
      spec: {
        strategy: {
          canary: {
            stableService: 'elsewhere',
            canaryService: 'elsewhere-next',
            trafficRouting: { plugins: plugin },
          },
        },
      },
    },
  ];
}
