import type { IncomingMessage, ServerResponse } from 'http';
import { serve } from '../../__testUtils__/serve';
import { gitHttpBackend } from './gitHttpBackend';
import { GitRepository } from './GitRepository';

/** What a stand-in answers. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A question to a stand-in, read. */
export interface Asked<Body = unknown> {
  method: string;
  /** Below the API's root, as it came. */
  path: string;
  query: URLSearchParams;
  body: Body;
}

/** One operation of a forge's API. */
export type Operation = [
  method: string,
  path: RegExp,
  answer: (parts: string[], asked: Asked) => Reply,
];

/** A pull request as a forge keeps it. */
export interface StoredRequest {
  number: number;
  branch: string;
  base: string;
  title: string;
  body: string;
  state: 'open' | 'merged' | 'closed';
  mergeCommit?: string;
  /** The newest commit of its branch, when it was decided. */
  lastCommit?: string;
}

export const TOKEN = 'secret-token-of-the-portal';

/** What a forge's documented API does, over a real bare repository that git itself writes and serves. */
export class ForgeStandIn {
  readonly repository = GitRepository.create();
  readonly requests: StoredRequest[] = [];
  readonly asked: Asked[] = [];
  /** Answers instead of the API, where it gives something. */
  intercept: (asked: Asked) => Reply | 'hang' | undefined = () => undefined;
  url = '';

  static async start(options: {
    /** Where its API begins: `/api/v4`. */
    root: string;
    /** The header by which it knows the token. */
    authorization: string;
    operations: (standIn: ForgeStandIn) => Operation[];
  }): Promise<ForgeStandIn> {
    const standIn = new ForgeStandIn(options.root, options.authorization);
    const operations = options.operations(standIn);
    standIn.url = await serve((request, response) => {
      if (request.url?.startsWith('/git/')) {
        const path = request.url.slice('/git'.length).split('?')[0];
        gitHttpBackend(standIn.repository.root, path, request, response);
      } else {
        void standIn.answer(operations, request, response);
      }
    });
    return standIn;
  }

  private constructor(
    private readonly root: string,
    private readonly authorization: string,
  ) {}

  get host(): string {
    return new URL(this.url).host;
  }

  get cloneUrl(): string {
    return `${this.url}/git/shop.git`;
  }

  /** @throws Error where there is an open one already. */
  open(
    request: Pick<StoredRequest, 'branch' | 'base' | 'title' | 'body'>,
  ): StoredRequest {
    if (this.openOf(request)) {
      throw new Error('exists');
    }
    const opened: StoredRequest = {
      ...request,
      number: this.requests.length + 1,
      state: 'open',
    };
    this.requests.push(opened);
    return opened;
  }

  openOf({ branch, base }: Pick<StoredRequest, 'branch' | 'base'>) {
    return this.requests.find(
      one => one.branch === branch && one.base === base && one.state === 'open',
    );
  }

  merge(number: number): void {
    const request = this.requests[number - 1];
    request.lastCommit = this.lastCommit(request);
    request.mergeCommit = this.repository.merge(request.branch, request.base);
    request.state = 'merged';
  }

  close(number: number): void {
    const request = this.requests[number - 1];
    request.lastCommit = this.lastCommit(request);
    request.state = 'closed';
  }

  lastCommit({ branch, lastCommit }: StoredRequest): string | undefined {
    return lastCommit ?? this.repository.head(branch);
  }

  private async answer(
    operations: readonly Operation[],
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [path, search = ''] = (request.url ?? '').split('?');
    let text = '';
    for await (const chunk of request) {
      text += chunk;
    }
    const asked: Asked = {
      method: request.method ?? 'GET',
      path: path.slice(this.root.length),
      query: new URLSearchParams(search),
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.asked.push(asked);
    const reply =
      this.intercept(asked) ?? this.reply(operations, asked, request, path);
    if (reply === 'hang') {
      return;
    }
    const { status, body, headers = {} } = reply;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...headers,
    });
    response.end(
      typeof body === 'string' || Buffer.isBuffer(body)
        ? body
        : JSON.stringify(body),
    );
  }

  private reply(
    operations: readonly Operation[],
    asked: Asked,
    request: IncomingMessage,
    path: string,
  ): Reply {
    if (request.headers.authorization !== this.authorization) {
      return { status: 401, body: { message: 'Bad credentials' } };
    }
    for (const [method, pattern, answer] of operations) {
      const match = path.startsWith(this.root) && pattern.exec(asked.path);
      if (method === asked.method && match) {
        return answer(match.slice(1).map(decodeURIComponent), asked);
      }
    }
    return { status: 404, body: { message: 'Not Found' } };
  }
}
