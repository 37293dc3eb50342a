import { Dispatcher, request } from 'undici';
import { readText } from '../sources/readText';
import { ForgeError } from './ForgeError';

/** A manifest is at most 1 MB; as base64 in JSON it is longer. */
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_QUOTE = 200;
/** How forges say that a branch is closed to the portal; they also protect other things than branches. */
const PROTECTED =
  /protected (branch|ref)|branch .*protect|not allowed to push|rule violations/i;

/** How a forge is reached. */
export interface ForgeEndpoint {
  name: string;
  /** Where its API begins, without a slash at its end. */
  url: string;
  headers: () => Promise<Record<string, string>>;
  /** What its token has to be allowed, for the remedy. */
  needs: string;
  deadlineMs: number;
}

/** One question. */
export interface ForgeCall {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT';
  /** Below the endpoint's URL, every part encoded. */
  path: string;
  query?: Record<string, string>;
  body?: object;
}

/** What a forge answered. */
export interface ForgeAnswer {
  text: string;
  header(name: string): string | undefined;
}

/** Asks a forge within a deadline, and says in a sentence what went wrong. */
export class ForgeClient {
  constructor(private readonly endpoint: ForgeEndpoint) {}

  async json<T>(call: ForgeCall): Promise<T> {
    const { text } = await this.ask(call);
    try {
      return JSON.parse(text) as T;
    } catch {
      const { name } = this.endpoint;
      throw new ForgeError(
        'unavailable',
        `${name} answered with no readable JSON. A login page may stand before it.`,
      );
    }
  }

  /** Undefined where there is no such thing (404). */
  async found<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ForgeError && error.reason === 'notFound') {
        return undefined;
      }
      throw error;
    }
  }

  /** @throws ForgeError whatever goes wrong. */
  async ask(call: ForgeCall): Promise<ForgeAnswer> {
    const { name, deadlineMs } = this.endpoint;
    const signal = AbortSignal.timeout(deadlineMs);
    let response: Dispatcher.ResponseData;
    let text: string;
    try {
      response = await this.send(call, signal);
      text = await readText(response, MOST_BYTES);
    } catch (error) {
      if (error instanceof ForgeError) {
        throw error;
      }
      throw new ForgeError('unavailable', this.describe(error, signal));
    }
    const header = (field: string) => response.headers[field]?.toString();
    const { statusCode: status } = response;
    if (status >= 300) {
      throw this.failure(status, text, header);
    }
    if (header('content-encoding')) {
      throw new ForgeError('unavailable', `${name} packs answers unasked.`);
    }
    return { text, header };
  }

  private async send(
    { method = 'GET', path, query, body }: ForgeCall,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { url, headers } = this.endpoint;
    const search = query ? `?${new URLSearchParams(query)}` : '';
    return request(`${url}${path}${search}`, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'meshdeck',
        ...(body && { 'content-type': 'application/json' }),
        ...(await this.credentials(headers)),
      },
      body: body && JSON.stringify(body),
      signal,
    });
  }

  /** What goes wrong there may quote a key: it is not passed on. */
  private async credentials(
    headers: ForgeEndpoint['headers'],
  ): Promise<Record<string, string>> {
    try {
      return await headers();
    } catch {
      throw new ForgeError(
        'refused',
        `The portal gets no token for ${this.endpoint.name}. Check integrations in its configuration, and that its app is installed for the repository.`,
      );
    }
  }

  private describe(error: unknown, signal: AbortSignal): string {
    const { name, deadlineMs } = this.endpoint;
    if (signal.aborted) {
      return `${name} did not answer within ${deadlineMs / 1000} s.`;
    }
    return error instanceof RangeError
      ? `${name} is not usable: ${error.message}.`
      : `${name} cannot be reached (${
          (error as { code?: string }).code ?? 'no connection'
        }). Check integrations in the portal’s configuration and that it runs.`;
  }

  private failure(
    status: number,
    text: string,
    header: ForgeAnswer['header'],
  ): ForgeError {
    const { name, needs } = this.endpoint;
    const said = quoteOf(text);
    const isOver =
      status === 429 ||
      (status === 403 &&
        (header('x-ratelimit-remaining') === '0' ||
          header('retry-after') !== undefined));
    if (isOver) {
      return new ForgeError(
        'rateLimited',
        `${name} takes no more requests of the portal for now (${status}). Try again in some minutes.`,
      );
    }
    if (PROTECTED.test(said) && status < 500) {
      return new ForgeError(
        'protected',
        `${name} protects the branch against the portal’s account (${said}). Allow it to push to branches that begin with meshdeck/.`,
      );
    }
    switch (status) {
      case 401:
        return new ForgeError(
          'refused',
          `${name} does not take the portal’s token (401). It is wrong, has ended or is missing: check integrations in its configuration. It needs ${needs}.`,
        );
      case 403:
        return new ForgeError(
          'refused',
          `The portal’s token may not do this on ${name} (403${
            said && `: ${said}`
          }). It needs ${needs}.`,
        );
      case 404:
        return new ForgeError(
          'notFound',
          `${name} has no such thing, or the portal’s token may not see it (404). It needs ${needs}.`,
        );
      case 409:
      case 422:
        return new ForgeError('conflict', `${name} refuses it: ${said}.`);
      default:
        return status < 500 && status >= 400
          ? new ForgeError(
              'conflict',
              `${name} refuses it (${status}: ${said}).`,
            )
          : new ForgeError(
              'unavailable',
              `${name} answered with ${status}. Try again; if it stays so, look at ${name}.`,
            );
    }
  }
}

/** What a forge says of a failure, short and on one line. */
function quoteOf(text: string): string {
  let said: string;
  try {
    const { message, error, errors } = JSON.parse(text);
    const more = (Array.isArray(errors) ? errors : [])
      .map(one => (typeof one === 'string' ? one : one?.message))
      .filter(Boolean);
    said = [message ?? error, ...more]
      .map(part => (typeof part === 'string' ? part : JSON.stringify(part)))
      .join('; ');
  } catch {
    said = '';
  }
  const line = said.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > LONGEST_QUOTE
    ? `${line.slice(0, LONGEST_QUOTE)}…`
    : line;
}
