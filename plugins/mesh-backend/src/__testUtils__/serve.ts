import { createServer, RequestListener, Server } from 'http';
import { createServer as createTlsServer } from 'https';
import { AddressInfo } from 'net';

const servers: Server[] = [];

/** A server on loopback until {@link closeServers}; over TLS where it gets a certificate for `localhost`. */
export async function serve(
  listener: RequestListener,
  tls?: { cert: string; key: string },
): Promise<string> {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  servers.push(server);
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
}

export function closeServers(): void {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}
