import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Fault } from './Fault';
import { OversizedAnswer, oversizedAnswer } from './oversizedAnswer';
import type { SourceName } from './SourceName';

const HUGE_BYTES = 200 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const DRIP_MS = 1_000;
const LOGIN_PAGE =
  '<!doctype html><html><head><title>Log in</title></head><body><form method="post" action="/login"><input name="user"><input name="password" type="password"></form></body></html>';
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Answers a request as the fault has it. `refused` and `hangs` give no answer. */
export function answerWithFault(
  fault: Fault,
  source: SourceName,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  switch (fault) {
    case '500':
      plain(res, 500, 'Internal Server Error\n');
      return;
    case '401':
      plain(res, 401, 'Unauthorized\n');
      return;
    case 'html':
      res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      res.end(LOGIN_PAGE);
      return;
    case 'cut':
      cut(res, oversizedAnswer(source, req));
      return;
    case 'drip':
      drip(res, oversizedAnswer(source, req));
      return;
    case 'huge':
      // A client that hangs up early is what this fault is for.
      flood(res, oversizedAnswer(source, req)).catch(() => res.destroy());
      return;
    default:
  }
}

function plain(res: ServerResponse, code: number, text: string): void {
  res.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' });
  res.end(text);
}

function cut(res: ServerResponse, { head, item }: OversizedAnswer): void {
  res.writeHead(200, JSON_TYPE);
  res.write(head + item.slice(0, item.length / 2), () =>
    res.socket?.destroySoon(),
  );
}

function drip(res: ServerResponse, { head, item }: OversizedAnswer): void {
  res.writeHead(200, JSON_TYPE);
  res.flushHeaders();
  const text = head + item;
  let at = 0;
  const timer = setInterval(() => {
    res.write(text[at % text.length]);
    at++;
  }, DRIP_MS);
  res.once('close', () => clearInterval(timer));
}

/** Never holds more than a chunk: it waits for the client to have read. */
async function flood(
  res: ServerResponse,
  { head, item, separator, tail }: OversizedAnswer,
): Promise<void> {
  res.writeHead(200, JSON_TYPE);
  res.write(head + item);
  const unit = separator + item;
  const chunk = Buffer.from(unit.repeat(Math.ceil(CHUNK_BYTES / unit.length)));
  const closed = new AbortController();
  res.once('close', () => closed.abort());
  for (let sent = 0; sent < HUGE_BYTES; sent += chunk.length) {
    if (!res.write(chunk)) {
      await once(res, 'drain', { signal: closed.signal });
    }
  }
  res.end(tail);
}
