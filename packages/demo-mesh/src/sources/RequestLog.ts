import type { IncomingMessage } from 'node:http';

const KEPT = 1_000;
const MOST_FORM_BYTES = 64 * 1024;

/** A request as a source received it. */
export interface LoggedRequest {
  method: string;
  /** The whole URL, query included. */
  url: string;
  /** Of a form: as sent. */
  body?: string;
}

/** Counts a source's requests by kind and keeps the latest. */
export class RequestLog {
  static create(options: { kindsOf: (req: IncomingMessage) => string[] }) {
    return new RequestLog(options.kindsOf);
  }

  private readonly counts = new Map<string, number>();
  private readonly kept: LoggedRequest[] = [];
  private count = 0;

  private constructor(
    private readonly kindsOf: (req: IncomingMessage) => string[],
  ) {}

  get total(): number {
    return this.count;
  }

  countOf(kind: string): number {
    return this.counts.get(kind) ?? 0;
  }

  /** The latest requests, oldest first. */
  latest(): readonly LoggedRequest[] {
    return this.kept;
  }

  add(req: IncomingMessage, url: string): LoggedRequest {
    this.count++;
    for (const kind of this.kindsOf(req)) {
      this.counts.set(kind, this.countOf(kind) + 1);
    }
    const entry: LoggedRequest = { method: req.method ?? 'GET', url };
    this.kept.push(entry);
    if (this.kept.length > KEPT) {
      this.kept.shift();
    }
    return entry;
  }

  reset(): void {
    this.count = 0;
    this.counts.clear();
    this.kept.length = 0;
  }
}

/** Writes a form along as it arrives; the stream waits until its real reader resumes it. */
export function keepForm(req: IncomingMessage, entry: LoggedRequest): void {
  const type = req.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    return;
  }
  entry.body = '';
  req.on('data', (chunk: Buffer) => {
    entry.body = `${entry.body}${chunk}`.slice(0, MOST_FORM_BYTES);
  });
  req.pause();
}
