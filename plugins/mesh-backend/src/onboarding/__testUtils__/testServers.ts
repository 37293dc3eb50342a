import type { DemoMesh } from '@meshdeck/demo-mesh';
import { readFileSync } from 'node:fs';

/** An API server to test on, as its administrator. */
export interface TestServer {
  url: string;
  token?: string;
  ca?: string;
}

/** The demo mesh's and, where there is one, a real one. */
export function testServers(): [string, (mesh: DemoMesh) => TestServer][] {
  const {
    MESH_TEST_KUBE_URL: url,
    MESH_TEST_KUBE_CA: caFile = '',
    MESH_TEST_KUBE_ADMIN_TOKEN: token,
  } = process.env;
  return [
    ['the demo mesh', mesh => ({ url: mesh.urls.kubernetes })],
    ...(url
      ? [
          [
            'a real API server',
            () => ({ url, token, ca: readFileSync(caFile, 'utf8') }),
          ] as [string, () => TestServer],
        ]
      : []),
  ];
}
