import type {
  MeshCluster,
  MeshClusterAccess,
  MeshClusterRequest,
} from '@meshdeck/plugin-mesh-node';
import { request as httpRequest } from 'http';
import { request as httpsRequest } from 'https';
import { Readable } from 'stream';

/** Straight to API servers, without the kubernetes backend in between. */
export class DirectAccess implements MeshClusterAccess {
  static create(
    servers: Record<string, { url: string; token?: string; ca?: string }>,
  ) {
    return new DirectAccess(servers);
  }

  /** Every request that was sent, as `GET /api/v1/pods?watch=true`. */
  readonly sent: string[] = [];

  private constructor(
    private readonly servers: Parameters<typeof DirectAccess.create>[0],
  ) {}

  async clusters(): Promise<MeshCluster[]> {
    return Object.keys(this.servers).map(name => ({ name }));
  }

  request(cluster: string, request: MeshClusterRequest): Promise<Response> {
    const { url, token, ca } = this.servers[cluster];
    const target = new URL(url + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) {
        target.searchParams.set(name, value);
      }
    }
    const method = request.method ?? 'GET';
    this.sent.push(`${method} ${target.pathname}${target.search}`);
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = send(
        target,
        {
          method,
          ca,
          // Of its own: one that is kept may be closed by the server just when it is used again.
          agent: false,
          headers: {
            ...request.headers,
            // Node sends none by itself with a DELETE, whose body then counts for nothing.
            ...(request.body === undefined
              ? {}
              : { 'Content-Length': Buffer.byteLength(request.body) }),
            ...(token ? { Authorization: `Bearer ${token}` } : {}),
          },
          signal: request.signal,
        },
        incoming =>
          resolve(
            new Response(Readable.toWeb(incoming) as ReadableStream, {
              status: incoming.statusCode,
              headers: {
                'content-type': incoming.headers['content-type'] ?? '',
              },
            }),
          ),
      );
      outgoing.on('error', reject);
      outgoing.end(request.body);
    });
  }
}
