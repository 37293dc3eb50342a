import type { KubeObject } from '@meshdeck/istio-config';
import { eventually } from '../../__testUtils__/eventually';
import type { TestCluster } from '../../__testUtils__/testClusters';
import { type Change, existing } from '../Change';
import { to, virtualService } from './weightedService';

/** As it lies in the repository from which Argo CD delivers it. */
export const ROUTE_FILE = `# ours, with care
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
    name: auth
spec:
    hosts: [ "auth" ]
    http:
        - timeout: "1s"   # see the runbook
          route:
              - destination: { host: auth, subset: stable }
`;

export function refOf(namespace: string, name = 'auth') {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace,
    name,
  };
}

export function delivered(namespace: string, name = 'auth'): KubeObject {
  const object = virtualService(
    { namespace, name },
    {
      hosts: [name],
      http: [{ timeout: '1s', route: [to('auth', 'stable')] }],
    },
  );
  return {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: {
        'argocd.argoproj.io/tracking-id': `${namespace}_shop:networking.istio.io/VirtualService:${namespace}/${name}`,
      },
    },
  };
}

export function application(namespace: string, repoURL: string): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { namespace, name: 'shop' },
    spec: {
      source: { repoURL, path: 'eu', targetRevision: 'main' },
      destination: { namespace },
    },
  };
}

export function waiting(namespace: string, value: string): Change {
  const ref = refOf(namespace);
  const at = ['spec', 'http', 0, 'timeout'];
  return {
    needs: ['VirtualService'],
    targets: () => [ref],
    restsOn: () => [],
    plan: set => ({
      edits: [
        {
          action: 'change',
          before: existing(set, ref),
          operations: [
            { op: 'test', at, value: '1s' },
            { op: 'replace', at, value },
          ],
        },
      ],
      sentence: `A request is answered 504 after ${value}.`,
    }),
  };
}

/** The stand-in knows them; to a real API server they have to be told. */
export async function defineApplications(cluster: TestCluster): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const name = 'applications.argoproj.io';
  const known = await cluster
    .send('GET', '/apis/argoproj.io/v1alpha1/applications')
    .catch(() => undefined);
  if (known) {
    return;
  }
  await cluster.send('POST', path, {
    body: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name },
      spec: {
        group: 'argoproj.io',
        scope: 'Namespaced',
        names: { plural: 'applications', kind: 'Application' },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
              },
            },
          },
        ],
      },
    },
  });
  await eventually(() =>
    cluster.send('GET', '/apis/argoproj.io/v1alpha1/applications'),
  );
}
