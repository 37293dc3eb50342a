import { readFileSync } from 'fs';
import { DirectAccess } from './DirectAccess';

const url = process.env.MESH_TEST_KUBE_URL;

/** A real API server as its administrator sees it, where one was named; see docs/testing.md. */
export const realCluster = url
  ? {
      url,
      token: process.env.MESH_TEST_KUBE_ADMIN_TOKEN,
      ca: readFileSync(process.env.MESH_TEST_KUBE_CA ?? '', 'utf8'),
    }
  : undefined;

/** A request of the administrator; what an object is sent in, the method tells. @throws where the server refuses. */
export async function sendToRealCluster(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<any> {
  const response = await DirectAccess.create({ c: realCluster! }).request('c', {
    method,
    path,
    headers: {
      'Content-Type':
        method === 'PATCH'
          ? 'application/merge-patch+json'
          : 'application/json',
    },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  }
  return answer;
}
