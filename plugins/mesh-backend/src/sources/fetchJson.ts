import { Agent, Dispatcher, fetch } from 'undici';
import type { SourceEndpoint } from '../config';
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

/** @throws SourceError whatever goes wrong: refused, too late, too much, no JSON. */
export async function fetchJson<T>(options: FetchJsonOptions): Promise<{
  status: number;
  headers: { getSetCookie(): string[] };
  body: T;
}> {
  const { name, configKey, deadlineMs, endpoint } = options;
  const signal = AbortSignal.timeout(deadlineMs);
  const began = performance.now();
  const observe = (outcome: SourceObservation['outcome']) =>
    options.observe?.({ ms: performance.now() - began, outcome });
  let response: Awaited<ReturnType<typeof fetch>>;
  let text: string;
  try {
    response = await fetch(`${endpoint.url}${options.path}`, {
      method: options.method ?? (options.form ? 'POST' : 'GET'),
      headers: {
        Accept: 'application/json',
        ...endpoint.headers,
        ...options.headers,
      },
      body: options.form,
      signal,
      redirect: 'error',
      dispatcher: dispatcherFor(endpoint.ca),
    });
    text = await readText(response, MAX_BYTES);
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
  try {
    const body = JSON.parse(text) as T;
    observe(response.ok ? 'ok' : 'refused');
    return { status: response.status, headers: response.headers, body };
  } catch {
    observe('failed');
    throw new SourceError(describeNoJson(response, text, options), {
      answered: response.status,
    });
  }
}

const dispatchers = new Map<string, Dispatcher>();

/** One pool of connections for each private certificate authority. */
function dispatcherFor(ca: string | undefined): Dispatcher | undefined {
  if (ca === undefined) {
    return undefined;
  }
  const known = dispatchers.get(ca);
  if (known) {
    return known;
  }
  const dispatcher = new Agent({ connect: { ca } });
  dispatchers.set(ca, dispatcher);
  return dispatcher;
}

function describeNoJson(
  response: { status: number; headers: { get(name: string): string | null } },
  text: string,
  { name, configKey }: FetchJsonOptions,
): string {
  if (response.status === 401 || response.status === 403) {
    return `${name} refuses the portal (${response.status}). Check the credentials beside ${configKey}.`;
  }
  if (response.status === 404) {
    return `${name} has no such path (404). ${configKey} lacks a part of its path or has one too many.`;
  }
  const isHtml =
    /html/.test(response.headers.get('content-type') ?? '') ||
    /^\s*</.test(text);
  return isHtml
    ? `${name} answered with a web page instead of data (${response.status}). ${configKey} points at something else, or a login page stands before it.`
    : `${name} answered with ${response.status} and no readable JSON. Check ${configKey}.`;
}

const CAUSES: Record<string, string> = {
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
};

function causeOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } })
    .cause;
  return (
    CAUSES[cause?.code ?? cause?.message ?? ''] ??
    cause?.code ??
    cause?.message ??
    (error as Error).message
  );
}
