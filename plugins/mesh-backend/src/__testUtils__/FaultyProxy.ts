import {
  createServer,
  IncomingMessage,
  request as httpRequest,
  Server,
  ServerResponse,
} from 'http';
import { request as httpsRequest } from 'https';
import { AddressInfo } from 'net';

/**
 * What becomes of a request: `swallow` and `cut-after` pass it on and keep the answer, the latter with the connection; `cut-before`
 * does not pass it on; `unserved` answers as a server does that has just started and does not know the kind; `lie` passes it on and answers 502; `die` passes it on and then nothing any more; `hold` never answers.
 */
export type Fault =
  | 'swallow'
  | 'cut-after'
  | 'cut-before'
  | 'unserved'
  | 'lie'
  | 'die'
  | 'hold';

/** One request as a fault looks at it. */
export interface ProxiedRequest {
  method: string;
  url: string;
  body: string;
}

/** Stands before an API server and does to requests what networks do. */
export class FaultyProxy {
  static async open(target: {
    url: string;
    ca?: string;
  }): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await new Promise<void>(resolve => {
      proxy.server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  /** What was sent to the server itself. */
  readonly passed: ProxiedRequest[] = [];
  private readonly server: Server;
  private readonly faults: {
    fits: (request: ProxiedRequest) => boolean;
    fault: Fault;
    then?: () => Promise<unknown>;
  }[] = [];
  private frozen = false;
  private dead = false;

  private constructor(private readonly target: { url: string; ca?: string }) {
    this.server = createServer((req, res) => {
      // Where either side hangs up, so does the other; that is no failure of a test.
      this.take(req, res).catch(() => res.destroy());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Of the next request that fits; `then` comes before whoever asked can know. */
  once(
    fits: (request: ProxiedRequest) => boolean,
    fault: Fault,
    then?: () => Promise<unknown>,
  ): void {
    this.faults.push({ fits, fault, then });
  }

  /** From now on nobody learns of a change by a watch, and nobody notices. */
  freeze(): void {
    this.frozen = true;
  }

  /** From now on nothing is answered, until it is mended. */
  kill(): void {
    this.dead = true;
  }

  /** Everything that is asked from now on is answered. */
  mend(): void {
    this.dead = false;
    this.faults.splice(0);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async take(req: IncomingMessage, res: ServerResponse) {
    if (this.dead) {
      res.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) {
      chunks.push(chunk);
    }
    const asked = {
      method: req.method ?? 'GET',
      url: req.url ?? '/',
      body: Buffer.concat(chunks).toString(),
    };
    const index = this.faults.findIndex(({ fits }) => fits(asked));
    const [met] = index < 0 ? [] : this.faults.splice(index, 1);
    if (met?.fault === 'cut-before') {
      await met.then?.();
      res.destroy();
    }
    if (met?.fault === 'unserved') {
      res.writeHead(404, { 'content-type': 'text/plain' });
      res.end('404 page not found\n');
      return;
    }
    if (met?.fault === 'cut-before' || met?.fault === 'hold') {
      return;
    }
    const answer = await this.pass(req, asked);
    if (!met) {
      this.answer(asked, answer, res);
      return;
    }
    for await (const _chunk of answer);
    await met.then?.();
    this.dead = met.fault === 'die';
    if (met.fault === 'lie') {
      res.writeHead(502, { 'content-type': 'text/html' });
      res.end('<html>Bad Gateway</html>');
    } else if (met.fault !== 'swallow') {
      res.destroy();
    }
  }

  private pass(
    { headers }: IncomingMessage,
    asked: ProxiedRequest,
  ): Promise<IncomingMessage> {
    this.passed.push(asked);
    const { url, ca } = this.target;
    const target = new URL(url + asked.url);
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = send(target, {
        method: asked.method,
        headers: { ...headers, host: target.host },
        ca,
        // As with each request of a test: a kept one may be closed just when it is used again.
        agent: false,
      });
      outgoing.on('response', resolve);
      outgoing.on('error', reject);
      outgoing.end(asked.body);
    });
  }

  private answer(
    { url }: ProxiedRequest,
    answer: IncomingMessage,
    res: ServerResponse,
  ): void {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    res.on('close', () => answer.destroy());
    answer.on('error', () => res.destroy());
    if (!url.includes('watch=true')) {
      answer.pipe(res);
      return;
    }
    res.flushHeaders();
    answer.on('data', chunk => this.frozen || res.write(chunk));
    answer.on('end', () => this.frozen || res.end());
  }
}
