import { readFileSync } from 'fs';
import type { GeneratedMesh } from './GeneratedMesh';
import { HttpClient } from './HttpClient';
import { nameOf, namespaceOf } from './paths';
import type { ClusterAccess } from './Portal';

/** The API server that clients race on: a real one where one is named as for the contract tests, else the stand-in. */
export function raceCluster(mesh: GeneratedMesh): {
  server: 'real' | 'stand-in';
  access: ClusterAccess;
} {
  const {
    MESH_TEST_KUBE_URL: url,
    MESH_TEST_KUBE_ADMIN_TOKEN: token = '',
    MESH_TEST_KUBE_CA: ca,
  } = process.env;
  return url && ca
    ? {
        server: 'real',
        access: { url, token, ca: readFileSync(ca, 'utf8') },
      }
    : {
        server: 'stand-in',
        access: { url: mesh.urls.kubernetes, token: 'demo-portal-token' },
      };
}

export function clientOf({ url, token, ca }: ClusterAccess): HttpClient {
  return HttpClient.create({
    url,
    ca,
    headers: { authorization: `Bearer ${token}` },
  });
}

/** Puts a service with one rule there; answers its name, and what takes it away again. */
export async function bringService(kubernetes: HttpClient) {
  const name = nameOf(1);
  const namespace = namespaceOf(name);
  const place = `/api/v1/namespaces/${namespace}`;
  const metadata = { name, namespace };
  const objects: [path: string, object: object][] = [
    [
      place,
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      },
    ],
    [
      `${place}/services/${name}`,
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          ...metadata,
          labels: { 'backstage.io/kubernetes-id': name },
          annotations: { 'meshdeck.io/entity': `component:default/${name}` },
        },
        spec: {
          selector: { app: name },
          ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
        },
      },
    ],
    [
      `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices/${name}`,
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata,
        spec: {
          hosts: [name],
          http: [{ route: [{ destination: { host: name } }] }],
        },
      },
    ],
  ];
  for (const [path, object] of objects) {
    await kubernetes.patch(
      `${path}?fieldManager=bench&force=true`,
      object,
      'application/apply-patch+yaml',
    );
  }
  return { name, remove: () => kubernetes.delete(place) };
}
