import { connect, type Socket } from 'net';

const WITHIN_MS = 30_000;

/** A request to be sent from inside a pod. */
export interface SendCommand {
  kind: 'http' | 'http2' | 'grpc' | 'tcp';
  address: string;
  port: number;
  /** The Host header; by default the address. */
  host?: string;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Sent over TLS; `cert` and `key` are PEM. */
  tls?: { sni?: string; alpn?: string[]; cert?: string; key?: string };
  withinMs?: number;
}

/** What came back. */
export interface SendAnswer {
  /** Absent where there was none, or for TCP. */
  status?: number;
  headers?: Record<string, string>;
  trailers?: Record<string, string>;
  grpcStatus?: number;
  body?: string;
  /** Why there was no answer: `ECONNRESET`, `timeout`. */
  error?: string;
  /** TCP: the other side closed, or said nothing more. */
  isClosed?: boolean;
  isQuiet?: boolean;
  ms: number;
}

/** A request as the app of a pod received it. */
export interface ReceivedRequest {
  pod: string;
  namespace: string;
  version: string;
  port: number;
  protocol: string;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
}

/** How an app behaves as a service: see `pod/behave.cjs`. */
export interface Behaviour {
  /** 0 to 1. */
  errorRate: number;
  p50Ms: number;
  p99Ms: number;
  calls: readonly {
    during: { method: string; path: string };
    host: string;
    port: number;
    request: { method: string; path: string };
    /** How likely each inbound request causes it. */
    times: number;
    /** Without it the inbound request fails. */
    needed: boolean;
  }[];
}

export type AppCommand =
  | SendCommand
  | { kind: 'behave'; behaviour: Behaviour }
  | { kind: 'ping' }
  | { kind: 'received'; /** A request's id. */ of?: string }
  | { kind: 'forget' };

/** Tells the app of a pod what to do. */
export class AppClient {
  private static readonly known = new Map<string, AppClient>();

  /** The client of a socket; there is one of each. */
  static at(file: string): AppClient {
    const known = AppClient.known.get(file);
    if (known) {
      return known;
    }
    const client = new AppClient(file);
    AppClient.known.set(file, client);
    return client;
  }

  private socket?: Socket;
  private next = 0;
  private readonly waiting = new Map<
    number,
    { resolve(answer: any): void; reject(error: Error): void }
  >();

  private constructor(private readonly file: string) {}

  send(command: SendCommand): Promise<SendAnswer> {
    return this.ask(command);
  }

  async received(id?: string): Promise<ReceivedRequest[]> {
    const { requests } = await this.ask({ kind: 'received', of: id });
    return requests;
  }

  ask(command: AppCommand): Promise<any> {
    const id = this.next++;
    const socket = this.connected();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error(`${this.file}: no answer`));
      }, WITHIN_MS);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          this.waiting.delete(id);
          then(value);
        };
      this.waiting.set(id, {
        resolve: settle(resolve),
        reject: settle(reject),
      });
      socket.write(`${JSON.stringify({ ...command, id })}\n`);
    });
  }

  close(): void {
    this.socket?.destroy();
    AppClient.known.delete(this.file);
  }

  private connected(): Socket {
    if (this.socket) {
      return this.socket;
    }
    const socket = connect(this.file);
    this.socket = socket;
    const end = (error: Error) => {
      this.socket = undefined;
      [...this.waiting.values()].forEach(({ reject }) => reject(error));
    };
    socket.on('error', end);
    socket.on('close', () => end(new Error(`${this.file}: closed`)));
    let rest = '';
    socket.setEncoding('utf8').on('data', chunk => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(line => this.take(JSON.parse(line)));
    });
    return socket;
  }

  private take({
    id,
    answer,
    error,
  }: {
    id: number;
    answer?: unknown;
    error?: string;
  }): void {
    const { resolve, reject } = this.waiting.get(id) ?? {};
    if (error === undefined) {
      resolve?.(answer);
    } else {
      reject?.(new Error(error));
    }
  }
}
