import { type Readable, pipeline } from 'stream';
import { Agent, Dispatcher, request } from 'undici';
import { createGunzip } from 'zlib';
import type { SourceEndpoint } from '../config/MeshSettings';
import { readText } from './readText';
import { SourceError } from './SourceError';

const MAX_BYTES = 32 * 1024 * 1024;

/** How one request to a source ended. */
export interface SourceObservation {
  ms: number;
  outcome: 'ok' | 'refused' | 'failed' | 'late';
}

/** Asks a source for JSON within a deadline. */
export interface FetchJsonOptions {
  /** As a person knows it: "Prometheus". */
  name: string;
  /** The configuration key of its URL, for the remedy. */
  configKey: string;
  endpoint: SourceEndpoint;
  /** Below the endpoint's URL, every part encoded. */
  path: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  form?: URLSearchParams;
  deadlineMs: number;
  observe?: (observation: SourceObservation) => void;
}

/** An answer of a source. */
export interface JsonAnswer<T> {
  status: number;
  /** Its `Set-Cookie` headers. */
  cookies: string[];
  body: T;
}

/** @throws SourceError whatever goes wrong: refused, too late, too much, no JSON. */
export async function fetchJson<T>(
  options: FetchJsonOptions,
): Promise<JsonAnswer<T>> {
  const { name, configKey, deadlineMs } = options;
  const signal = AbortSignal.timeout(deadlineMs);
  const began = performance.now();
  const observe = (outcome: SourceObservation['outcome']) =>
    options.observe?.({ ms: performance.now() - began, outcome });
  let response: Dispatcher.ResponseData;
  let text: string;
  try {
    response = await send(options, signal);
    text = await readText({ body: unpacked(response) }, MAX_BYTES);
  } catch (error) {
    observe(signal.aborted ? 'late' : 'failed');
    if (error instanceof RangeError) {
      throw new SourceError(
        `${name} is not usable: ${error.message}. Choose a shorter time.`,
      );
    }
    throw new SourceError(
      signal.aborted
        ? `${name} did not answer within ${deadlineMs / 1000} s.`
        : `${name} cannot be reached (${causeOf(
            error,
          )}). Check ${configKey} and that it runs.`,
    );
  }
  const { statusCode: status, headers } = response;
  try {
    const body = JSON.parse(text) as T;
    observe(status < 300 ? 'ok' : 'refused');
    return { status, cookies: [headers['set-cookie'] ?? []].flat(), body };
  } catch {
    observe('failed');
    throw new SourceError(describeNoJson(response, text, options), {
      answered: status,
    });
  }
}

/** Without the web's fetch, whose streams cost more time than a source's answer is worth. */
async function send(
  { endpoint, path, method, headers, form }: FetchJsonOptions,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const response = await request(`${endpoint.url}${path}`, {
    method: method ?? (form ? 'POST' : 'GET'),
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...endpoint.headers,
      ...headers,
    },
    body: form?.toString(),
    signal,
    dispatcher: dispatcherFor(endpoint.ca),
  });
  if (response.statusCode >= 300 && response.statusCode < 400) {
    await response.body.dump({ limit: 4096, signal });
    throw new Error('unexpected redirect');
  }
  return response;
}

function unpacked({ body, headers }: Dispatcher.ResponseData): Readable {
  return headers['content-encoding'] === 'gzip'
    ? // Whoever reads it hears of the failure.
      pipeline(body, createGunzip(), () => undefined)
    : body;
}

const dispatchers = new Map<string | undefined, Dispatcher>();

/** One pool of connections for each private certificate authority, and one for the usual ones. */
function dispatcherFor(ca: string | undefined): Dispatcher {
  const known = dispatchers.get(ca);
  if (known) {
    return known;
  }
  const dispatcher = new Agent({ connect: { ca } });
  dispatchers.set(ca, dispatcher);
  return dispatcher;
}

function describeNoJson(
  { statusCode, headers }: Dispatcher.ResponseData,
  text: string,
  { name, configKey }: FetchJsonOptions,
): string {
  if (statusCode === 401 || statusCode === 403) {
    return `${name} refuses the portal (${statusCode}). Check the credentials beside ${configKey}.`;
  }
  if (statusCode === 404) {
    return `${name} has no such path (404). ${configKey} lacks a part of its path or has one too many.`;
  }
  const isHtml =
    /html/.test(String(headers['content-type'])) || /^\s*</.test(text);
  return isHtml
    ? `${name} answered with a web page instead of data (${statusCode}). ${configKey} points at something else, or a login page stands before it.`
    : `${name} answered with ${statusCode} and no readable JSON. Check ${configKey}.`;
}

const CAUSES = new Map(
  Object.entries({
    CERT_HAS_EXPIRED: 'its certificate has expired',
    DEPTH_ZERO_SELF_SIGNED_CERT:
      'its certificate is signed by itself: set caFile',
    SELF_SIGNED_CERT_IN_CHAIN:
      'its certificate comes from an authority that the portal does not know: set caFile',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      'its certificate comes from an authority that the portal does not know: set caFile',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
    ENOTFOUND: 'no such host is known',
    EAI_AGAIN: 'the name server does not answer',
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'it closed the connection',
    UND_ERR_SOCKET: 'it closed the connection',
    'unexpected redirect': 'it sends the portal elsewhere, as to a login page',
  }),
);

function causeOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return CAUSES.get(code ?? message) ?? CAUSES.get(message) ?? code ?? message;
}
