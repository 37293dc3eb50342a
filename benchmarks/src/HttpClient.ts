import { Pool } from 'undici';

/** More than any load has open at once. */
const CONNECTIONS = 128;

/** Sends requests to one server over kept connections; anything but a success throws. */
export class HttpClient {
  static create(options: { url: string; headers?: Record<string, string> }) {
    return new HttpClient(options.url, options.headers ?? {});
  }

  private readonly pool: Pool;

  private constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
  ) {
    this.pool = new Pool(url, { connections: CONNECTIONS });
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

  close(): Promise<void> {
    return this.pool.close();
  }

  private async send<T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
  ): Promise<T> {
    const response = await this.pool.request({
      method,
      path,
      headers: { ...this.headers, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await response.body.text();
    if (response.statusCode >= 400) {
      throw new Error(
        `${method} ${this.url}${path}: ${response.statusCode} ${text.slice(
          0,
          300,
        )}`,
      );
    }
    return text ? JSON.parse(text) : (undefined as T);
  }
}
