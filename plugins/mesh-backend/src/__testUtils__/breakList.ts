import type { MeshClusterRequest } from '@meshdeck/plugin-mesh-node';
import type { DirectAccess } from './DirectAccess';

/** Four of them are more than a page may be. */
const CHUNK = new Uint8Array(8 * 1024 * 1024);

/** What may come instead of a kind's list. */
export const LIST_FAULTS: Record<
  string,
  (signal: AbortSignal | undefined) => Promise<Response>
> = {
  'answers 500': async () =>
    Response.json(
      { kind: 'Status', code: 500, message: 'conversion webhook failed' },
      { status: 500 },
    ),
  'never answers': signal =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    }),
  'is too large, however small its pages': async () =>
    new Response(
      new ReadableStream({
        pull: stream => stream.enqueue(CHUNK),
      }),
    ),
};

/** Stands before an API server, and answers for one kind's list itself. */
export function breakList(
  access: DirectAccess,
  plural: string,
  fault: keyof typeof LIST_FAULTS,
): void {
  const usual = access.request.bind(access);
  access.request = (cluster: string, request: MeshClusterRequest) =>
    request.path.endsWith(`/${plural}`) && !request.method
      ? LIST_FAULTS[fault](request.signal)
      : usual(cluster, request);
}
