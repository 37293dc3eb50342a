import { createInterface } from 'readline';
import { Pool } from 'undici';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type PatchType = 'application/json-patch+json' | 'application/apply-patch+yaml';

/** More than any load has open at once. */
const CONNECTIONS = 128;

/** Sends requests to one server over kept connections; anything but a success throws. */
export class HttpClient {
  static create(options: {
    url: string;
    headers?: Record<string, string>;
    /** The certificate of who signed the server's, where that is not known to everybody. */
    ca?: string;
  }) {
    return new HttpClient(options.url, options.headers ?? {}, options.ca);
  }

  private readonly pool: Pool;

  private constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
    ca?: string,
  ) {
    this.pool = new Pool(url, { connections: CONNECTIONS, connect: { ca } });
  }

  async get<T = unknown>(path: string): Promise<T> {
    return this.send('GET', path);
  }

  async post<T = unknown>(path: string, body: object): Promise<T> {
    return this.send('POST', path, body);
  }

  async put<T = unknown>(path: string, body: object): Promise<T> {
    return this.send('PUT', path, body);
  }

  async patch<T = unknown>(
    path: string,
    body: object,
    type: PatchType,
  ): Promise<T> {
    return this.send('PATCH', path, body, type);
  }

  async delete<T = unknown>(path: string): Promise<T> {
    return this.send('DELETE', path);
  }

  /** The status, and the text of the answer whatever it is. */
  async ask(
    method: Method,
    path: string,
    body?: object,
    type: 'application/json' | PatchType = 'application/json',
  ): Promise<{ status: number; text: string }> {
    const response = await this.pool.request({
      method,
      path,
      headers: { ...this.headers, 'content-type': type },
      body: body && JSON.stringify(body),
    });
    return { status: response.statusCode, text: await response.body.text() };
  }

  /** The lines of an answer that goes on, until `signal` ends it. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const { body } = await this.pool.request({
      method: 'GET',
      path,
      headers: this.headers,
      signal,
    });
    yield* createInterface({ input: body });
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async send<T>(
    method: Method,
    path: string,
    body?: object,
    type?: PatchType,
  ): Promise<T> {
    const { status, text } = await this.ask(method, path, body, type);
    if (status >= 400) {
      throw new Error(
        `${method} ${this.url}${path}: ${status} ${text.slice(0, 300)}`,
      );
    }
    return text ? JSON.parse(text) : (undefined as T);
  }
}
