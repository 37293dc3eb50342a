import { closeSync, openSync, readSync, statSync } from 'fs';

/** A line of a proxy's log: see `LOG_FIELDS`. What Envoy does not know is absent, null or "-". */
export interface LogEntry {
  method?: string | null;
  protocol?: string | null;
  response_code?: number | null;
  response_flags?: string | null;
  bytes_received?: number | null;
  bytes_sent?: number | null;
  duration?: number | null;
  upstream_host?: string | null;
  upstream_cluster?: string | null;
  downstream_local_address?: string | null;
  /** Whose connection it came by; `downstream_remote_address` is whom a proxy forwards it for. */
  downstream_direct_remote_address?: string | null;
  own_peer?: string | null;
  own_upstream_peer?: string | null;
  own_grpc_status?: string | number | null;
  own_content_type?: string | null;
}

const MOST_AT_ONCE = 4 * 1024 * 1024;

/** Reads what was added to a log since it was last asked. */
export class LogReader {
  static of(file: string) {
    return new LogReader(file);
  }

  private offset = 0;
  private rest = '';

  private constructor(private readonly file: string) {}

  read(): LogEntry[] {
    const size = sizeOf(this.file);
    if (size <= this.offset) {
      return [];
    }
    const buffer = Buffer.alloc(Math.min(size - this.offset, MOST_AT_ONCE));
    const handle = openSync(this.file, 'r');
    const read = readSync(handle, buffer, 0, buffer.length, this.offset);
    closeSync(handle);
    this.offset += read;
    const lines = (this.rest + buffer.toString('utf8', 0, read)).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.filter(Boolean).map(line => JSON.parse(line));
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** What the log says, without its ways to say nothing. */
export function given<T>(value: T | null | undefined): T | undefined {
  return value === null ||
    value === undefined ||
    (value as unknown) === '-' ||
    (value as unknown) === ''
    ? undefined
    : value;
}
