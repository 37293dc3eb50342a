import type { KubeObject } from '@meshdeck/istio-config';
import type { ServiceIntent } from '@meshdeck/plugin-mesh-common';
import { eventually } from '../../__testUtils__/eventually';
import { component } from '../../__testUtils__/startPortal';
import { TestCluster } from '../../__testUtils__/testClusters';
import { ChangingPortal } from './ChangingPortal';
import { to, virtualService, weightedService } from './weightedService';

/** A portal over a namespace of its own: the service `auth` with a Deployment, and one whose rule is also for a stranger. */
export class IntentStage {
  static async open(
    start: Parameters<typeof TestCluster.open>[0],
  ): Promise<IntentStage> {
    const cluster = await TestCluster.open(start);
    const namespace = `intents-${cluster.id}`;
    await cluster.makeNamespace(namespace, {
      labels: { 'istio-injection': 'enabled' },
    });
    const labels = { app: 'auth', version: 'stable' };
    const objects: KubeObject[] = [
      ...weightedService(namespace, 'auth'),
      ...weightedService(namespace, 'shared').slice(0, -1),
      weightedService(namespace, 'stranger')[0],
      virtualService(
        { namespace, name: 'shared' },
        {
          hosts: ['shared', 'stranger'],
          http: [{ route: [to('shared', 'stable')] }],
        },
      ),
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { namespace, name: 'auth-app' },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [{ name: 'app', image: 'example.com/app' }],
            },
          },
        },
      },
    ];
    for (const object of objects) {
      await cluster.apply(object);
    }
    const portal = await ChangingPortal.open({
      cluster,
      entities: [
        ...['auth', 'shared'].map(name =>
          component(name, { 'meshdeck.io/services': `${namespace}/${name}` }),
        ),
      ],
    });
    return new IntentStage(cluster, portal, namespace);
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

  get placement(): string {
    return `/placements/c:${this.namespace}:auth`;
  }

  async ask(step: 'preview' | 'apply', what: ServiceIntent, more: object = {}) {
    const path = `${this.placement}/changes/${step}`;
    return this.portal.portal.postTo('auth', path, { what, ...more });
  }

  async remembered() {
    const path = `${this.placement}/changes`;
    const { body } = await this.portal.portal.get('auth', path);
    return body.changes;
  }

  /** The store shows what a change left before the next one asks it where to look. */
  untilPreviewed(what: ServiceIntent, action: 'create' | 'change' | 'delete') {
    return eventually(async () => {
      const answer = await this.ask('preview', what);
      if (answer.status !== 200 || answer.body.action !== action) {
        throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      }
      return answer;
    });
  }

  /** With the namespace of this test and the version of the object that is there. */
  async filledIn(what: object): Promise<ServiceIntent> {
    const named = JSON.parse(
      JSON.stringify(what).replaceAll('PLACE', this.namespace),
    );
    const there = named.object
      ? await this.cluster.get(named.object).catch(() => undefined)
      : undefined;
    return there ? { ...named, seen: there.metadata.resourceVersion } : named;
  }
}

/** An object of the namespace as text, to be filled in. */
export const textOf = (change: object, text = '') => ({
  intent: 'editObject',
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: 'PLACE',
    name: 'auth',
    ...change,
  },
  yaml: text,
});

/** The text of a VirtualService of the namespace. */
export const ruleText = (hosts: string, name = 'auth') =>
  `{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: ${name}, namespace: PLACE}, spec: {hosts: ${hosts}, exportTo: ['*'], http: [{route: [{destination: {host: auth}}]}]}}`;
