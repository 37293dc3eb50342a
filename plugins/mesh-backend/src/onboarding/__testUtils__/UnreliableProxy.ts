import {
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { serve } from '../../__testUtils__/serve';

/** What happens to a request on its way. */
export type Treatment =
  | 'passes'
  /** The connection ends before the server has heard of it. */
  | 'is cut off'
  /** The server does it; nobody hears of it. */
  | 'loses its answer'
  /** Its sender has given up when the server gets it, at {@link UnreliableProxy.deliver}. */
  | 'comes late';

interface ProxiedRequest {
  method: string;
  path: string;
  isDryRun: boolean;
}

/** Stands before an API server, and does to each request what a test decides. */
export class UnreliableProxy {
  static async start(
    target: { url: string; ca?: string },
    /** Sent along instead of the sender's own. */
    headers: Record<string, string> = {},
  ) {
    const proxy = new UnreliableProxy(target, headers);
    proxy.url = await serve((req, res) => {
      // Where either side hangs up, so does the other; that is no failure of a test.
      proxy.take(req, res).catch(() => res.destroy());
    });
    return proxy;
  }

  url = '';
  /** May wait, and change things before the request goes on. */
  decide: (request: ProxiedRequest) => Treatment | Promise<Treatment> = () =>
    'passes';
  private held: (() => Promise<void>)[] = [];

  private constructor(
    private readonly target: { url: string; ca?: string },
    private readonly own: Record<string, string>,
  ) {}

  /** Brings the server what came late. */
  async deliver(): Promise<void> {
    for (const send of this.held.splice(0)) {
      await send();
    }
  }

  private async take(req: IncomingMessage, res: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of req) {
      chunks.push(chunk as Buffer);
    }
    const body = Buffer.concat(chunks);
    const url = new URL(req.url ?? '/', this.target.url);
    const treatment = await this.decide({
      method: req.method ?? 'GET',
      path: url.pathname,
      isDryRun: url.searchParams.has('dryRun'),
    });
    switch (treatment) {
      case 'is cut off':
        res.destroy();
        return;
      case 'comes late':
        this.held.push(async () => {
          (await this.send(req, url, body)).resume();
        });
        return;
      case 'loses its answer':
        (await this.send(req, url, body)).resume();
        res.destroy();
        return;
      default: {
        const answer = await this.send(req, url, body);
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        // A watch begins with its head.
        res.flushHeaders();
        answer.pipe(res);
        res.on('close', () => answer.destroy());
      }
    }
  }

  private send(
    req: IncomingMessage,
    url: URL,
    body: Buffer,
  ): Promise<IncomingMessage> {
    const { host: _host, ...sent } = req.headers;
    const headers = { ...sent, ...this.own };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = send(
        url,
        { method: req.method, headers, ca: this.target.ca, agent: false },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
