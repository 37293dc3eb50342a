import type { Request } from 'express';
import type { TempoWindow } from './TempoSearch';

const DEFAULT_LIMIT = 20;
const DEFAULT_SPANS = 3;
const MOST_SPANS = 100;
/** Without a window Tempo searches what it has not written away yet. */
const RECENT_MS = 30 * 60_000;
const LONGEST_S = 168 * 3_600;

/** A request that Tempo refuses with 400. */
export class BadTempoRequest extends Error {}

export interface SearchParameters {
  query: string;
  window: TempoWindow;
  limit: number;
  spansPerSpanSet: number;
}

export function readSearch(req: Request, nowMs: number): SearchParameters {
  if (textOf(req, 'tags') !== undefined) {
    throw new BadTempoRequest('the stand-in searches by TraceQL only');
  }
  const spansPerSpanSet = countOf(req, 'spss', DEFAULT_SPANS);
  if (spansPerSpanSet > MOST_SPANS) {
    throw new BadTempoRequest(
      `invalid spss: exceeds the maximum of ${MOST_SPANS}`,
    );
  }
  return {
    query: textOf(req, 'q') ?? '{}',
    window: readWindow(req, nowMs),
    limit: countOf(req, 'limit', DEFAULT_LIMIT),
    spansPerSpanSet,
  };
}

export function readWindow(req: Request, nowMs: number): TempoWindow {
  const start = secondsOf(req, 'start');
  const end = secondsOf(req, 'end');
  if (start === undefined && end === undefined) {
    return { fromMs: nowMs - RECENT_MS, toMs: nowMs };
  }
  const from = start ?? 0;
  const to = end ?? 0;
  const received = `received start=${from} end=${to}`;
  if (to <= from) {
    throw new BadTempoRequest(
      `http parameter start must be before end. ${received}`,
    );
  }
  if (to - from > LONGEST_S) {
    throw new BadTempoRequest(
      `range specified by start and end exceeds 168h0m0s. ${received}`,
    );
  }
  return { fromMs: from * 1000, toMs: to * 1000 };
}

export function textOf(req: Request, name: string): string | undefined {
  const value = req.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function countOf(req: Request, name: string, otherwise: number): number {
  const text = textOf(req, name);
  if (text === undefined) {
    return otherwise;
  }
  const count = Number(text);
  if (!Number.isInteger(count)) {
    throw new BadTempoRequest(
      `invalid ${name}: strconv.Atoi: parsing "${text}": invalid syntax`,
    );
  }
  if (count <= 0) {
    throw new BadTempoRequest(`invalid ${name}: must be a positive number`);
  }
  return count;
}

function secondsOf(req: Request, name: string): number | undefined {
  const text = textOf(req, name);
  if (text === undefined) {
    return undefined;
  }
  if (!/^\d{1,10}$/.test(text)) {
    throw new BadTempoRequest(
      `invalid ${name}: strconv.ParseInt: parsing "${text}": ${
        /^\d+$/.test(text) ? 'value out of range' : 'invalid syntax'
      }`,
    );
  }
  return Number(text);
}
