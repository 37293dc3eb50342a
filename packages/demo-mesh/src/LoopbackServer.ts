import { createServer, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOST = '127.0.0.1';

/** A port that somebody else has. */
export class PortTakenError extends Error {
  constructor(readonly server: string, readonly port: number) {
    super(`Port ${port} of the stand-in ${server} is taken`);
    this.name = 'PortTakenError';
  }
}

/** One of the stand-in cluster's HTTP servers; on loopback only. */
export class LoopbackServer {
  static async start(options: {
    name: string;
    /** 0 takes a free one. */
    port: number;
    listener: RequestListener;
  }): Promise<LoopbackServer> {
    const server = createServer(options.listener);
    await listening(
      options,
      () =>
        new Promise<void>((resolve, reject) => {
          server.once('error', reject);
          server.listen(options.port, HOST, resolve);
        }),
    );
    const { port } = server.address() as AddressInfo;
    return new LoopbackServer(server, `http://${HOST}:${port}`);
  }

  private constructor(private readonly server: Server, readonly url: string) {}

  async stop(): Promise<void> {
    await new Promise<void>(resolve => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

/** Runs what listens on a port, and says whose port it is if it is taken. */
export async function listening<T>(
  place: { name: string; port: number },
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'EADDRINUSE' || code === 'EACCES'
      ? new PortTakenError(place.name, place.port)
      : error;
  }
}
