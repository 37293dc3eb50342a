import { SourceError } from './SourceError';

const MAX_BYTES = 32 * 1024 * 1024;

/** Asks a source for JSON within a deadline. */
export interface FetchJsonOptions {
  /** As a person knows it: "Prometheus". */
  name: string;
  /** The configuration key of its URL, for the remedy. */
  configKey: string;
  url: string;
  headers: Record<string, string>;
  form?: URLSearchParams;
  deadlineMs: number;
}

/** @throws SourceError whatever goes wrong: refused, too late, too much, no JSON. */
export async function fetchJson<T>(options: FetchJsonOptions): Promise<{
  status: number;
  body: T;
}> {
  const { name, configKey, deadlineMs } = options;
  const signal = AbortSignal.timeout(deadlineMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(options.url, {
      method: options.form ? 'POST' : 'GET',
      headers: { Accept: 'application/json', ...options.headers },
      body: options.form,
      signal,
      redirect: 'error',
    });
    text = await readText(response, name);
  } catch (error) {
    if (error instanceof SourceError) {
      throw error;
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
    return { status: response.status, body: JSON.parse(text) as T };
  } catch {
    throw new SourceError(describeNoJson(response, text, options));
  }
}

async function readText(response: Response, name: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) {
      throw new SourceError(
        `${name} answered with more than ${
          MAX_BYTES / 1024 / 1024
        } MB. Choose a shorter time.`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function describeNoJson(
  response: Response,
  text: string,
  { name, configKey }: FetchJsonOptions,
): string {
  if (response.status === 401 || response.status === 403) {
    return `${name} refuses the portal (${response.status}). Check the headers beside ${configKey}.`;
  }
  const isHtml =
    /html/.test(response.headers.get('content-type') ?? '') ||
    /^\s*</.test(text);
  return isHtml
    ? `${name} answered with a web page instead of data (${response.status}). ${configKey} points at something else, or a login page stands before it.`
    : `${name} answered with ${response.status} and no readable JSON. Check ${configKey}.`;
}

function causeOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } })
    .cause;
  return cause?.code ?? cause?.message ?? (error as Error).message;
}
