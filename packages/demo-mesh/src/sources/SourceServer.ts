import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { listening } from '../LoopbackServer';
import { selfSignedCertificate } from '../platforms/selfSignedCertificate';
import { answerWithFault } from './answerWithFault';
import type { Fault } from './Fault';
import { keepForm, RequestLog } from './RequestLog';
import type { SourceName } from './SourceName';

const HOST = '127.0.0.1';
const DAY_MS = 86_400_000;
/** Longer than clients keep idle connections, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

export interface SourceServerOptions {
  name: SourceName;
  /** 0 takes a free one. */
  port: number;
  listener: RequestListener;
  log: RequestLog;
  /** Added to each answer. */
  latencyMs: number;
  /** The log keeps the bodies of forms; not for those that log somebody in. */
  keepsForms: boolean;
}

/** The front of one source: counts what comes in, adds latency, and fails on demand. */
export class SourceServer {
  static async start(options: SourceServerOptions): Promise<SourceServer> {
    const source = new SourceServer(options);
    await listening(options, () => source.listen(options.port));
    return source;
  }

  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private current: Fault | undefined;
  private port = 0;
  /** Changes of the fault follow one another. */
  private changing: Promise<unknown> = Promise.resolve();
  private certificate: { certificate: string; key: string } | undefined;

  private constructor(private readonly options: SourceServerOptions) {}

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  get fault(): Fault | undefined {
    return this.current;
  }

  /** The certificate that has expired, for a client that is to trust it apart from its date. */
  get expiredCertificate(): string {
    return this.expired().certificate;
  }

  /** Breaks off all connections and fails from now on, or works again on the same port. */
  setFault(fault: Fault | undefined): Promise<void> {
    const change = this.changing.then(async () => {
      // Whoever is connected to a well server stays so when it is mended again.
      if (fault === this.current) {
        return;
      }
      await this.close();
      this.current = fault;
      if (fault !== 'refused') {
        await this.listen(this.port);
      }
    });
    this.changing = change.catch(() => {});
    return change;
  }

  async stop(): Promise<void> {
    await this.changing;
    await this.close();
  }

  private async listen(port: number): Promise<void> {
    const server =
      this.current === 'expired-certificate'
        ? createTlsServer(
            {
              cert: this.expired().certificate,
              key: this.expired().key,
            },
            this.receive,
          )
        : createServer(this.receive);
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  private async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) {
      return;
    }
    await new Promise<void>(resolve => {
      server.close(() => resolve());
      // All of them, also those still shaking hands, which the server would wait for.
      this.sockets.forEach(socket => socket.destroy());
    });
  }

  private readonly receive = (req: IncomingMessage, res: ServerResponse) => {
    const { log, latencyMs, keepsForms } = this.options;
    const entry = log.add(req, `${this.url}${req.url}`);
    if (keepsForms) {
      keepForm(req, entry);
    }
    if (latencyMs > 0) {
      setTimeout(() => this.answer(req, res), latencyMs);
    } else {
      this.answer(req, res);
    }
  };

  private answer(req: IncomingMessage, res: ServerResponse): void {
    const { name, listener } = this.options;
    if (res.destroyed) {
      return;
    }
    if (this.current && this.current !== 'expired-certificate') {
      answerWithFault(this.current, name, req, res);
      req.resume();
      return;
    }
    listener(req, res);
    if (req.isPaused()) {
      req.resume();
    }
  }

  private expired() {
    this.certificate ??= selfSignedCertificate({
      host: 'localhost',
      fromMs: Date.now() - 120 * DAY_MS,
      days: 90,
    });
    return this.certificate;
  }
}
