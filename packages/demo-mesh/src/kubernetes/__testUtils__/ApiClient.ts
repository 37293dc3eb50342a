import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Watch } from './Watch';

/** A server under test and who may talk to it. */
export interface ServerUnderTest {
  url: string;
  ca?: Buffer;
  adminToken: string;
  /** A user without any rights. */
  portalToken: string;
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  body: any;
}

export interface CallOptions {
  body?: unknown;
  contentType?: string;
  /** `undefined` as a value sends none. */
  token?: string | undefined;
  headers?: Record<string, string>;
}

export const APPLY = 'application/apply-patch+yaml';
export const MERGE = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';

/** Speaks plain HTTP to an API server, so that what a test says is what went over the wire. */
export class ApiClient {
  static create(server: ServerUnderTest) {
    return new ApiClient(server);
  }

  private constructor(readonly server: ServerUnderTest) {}

  async call(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer> {
    const res = await this.open(method, path, options);
    const chunks: Buffer[] = [];
    for await (const chunk of res) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = undefined;
    }
    return { status: res.statusCode ?? 0, headers: res.headers, text, body };
  }

  get(path: string, options?: CallOptions) {
    return this.call('GET', path, options);
  }

  post(path: string, body: unknown, options?: CallOptions) {
    return this.call('POST', path, { body, ...options });
  }

  put(path: string, body: unknown, options?: CallOptions) {
    return this.call('PUT', path, { body, ...options });
  }

  patch(path: string, contentType: string, body: unknown) {
    return this.call('PATCH', path, { body, contentType });
  }

  delete(path: string, body?: unknown) {
    return this.call('DELETE', path, { body });
  }

  async watch(path: string, headers?: Record<string, string>): Promise<Watch> {
    return Watch.of(await this.open('GET', path, { headers }));
  }

  private open(
    method: string,
    path: string,
    options: CallOptions,
  ): Promise<IncomingMessage> {
    const { body, contentType = 'application/json', headers } = options;
    const token = 'token' in options ? options.token : this.server.adminToken;
    const text =
      body === undefined || typeof body === 'string'
        ? body
        : JSON.stringify(body);
    const url = new URL(this.server.url);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const req = send(
        {
          host: url.hostname,
          port: url.port,
          path,
          method,
          ca: this.server.ca,
          agent: false,
          headers: {
            'User-Agent': 'contract/1.0 (test)',
            ...(token ? { Authorization: `Bearer ${token}` } : {}),
            ...(text === undefined
              ? {}
              : {
                  'Content-Type': contentType,
                  'Content-Length': Buffer.byteLength(text),
                }),
            ...headers,
          },
        },
        resolve,
      );
      req.once('error', reject);
      req.end(text);
    });
  }
}
