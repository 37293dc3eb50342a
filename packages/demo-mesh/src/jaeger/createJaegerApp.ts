import express, { Express, Request, Response } from 'express';
import type { Traffic } from '../traffic/Traffic';
import { dependencies, operationsOf, serviceNames } from './catalogue';
import { goDurationUs } from './goDuration';
import { Traces, writeTrace } from './Traces';
import { searchTraces, TraceQuery } from './TraceSearch';

const DEFAULT_LOOKBACK_US = 2 * 24 * 3_600_000_000;
const DEFAULT_LIMIT = 20;
const MOST_TRACES = 1_500;

class BadRequest extends Error {}

/** Jaeger's query API (v1 JSON) over traces of the simulated traffic. */
export function createJaegerApp(options: { traffic: Traffic }): Express {
  const { traffic } = options;
  const traces = Traces.create(traffic);
  const app = express();
  app.disable('x-powered-by');
  addCatalogue(app, traffic);
  addTraces(app, traffic, traces);
  addPages(app);
  return app;
}

/** What there is to ask for, and who calls whom. */
function addCatalogue(app: Express, traffic: Traffic): void {
  app.get('/api/services', (_req, res) => {
    const names = serviceNames(traffic);
    answer(res, names, names.length);
  });
  app.get('/api/services/:service/operations', (req, res) => {
    const known = operationsOf(traffic, req.params.service);
    const names = [...new Set(known.map(({ name }) => name))].sort();
    answer(res, names, names.length);
  });
  app.get('/api/operations', (req, res) => {
    const service = text(req, 'service');
    if (!service) {
      fail(res, 400, "parameter 'service' is required");
      return;
    }
    const kind = text(req, 'spanKind');
    const found = operationsOf(traffic, service).filter(
      ({ spanKind }) => kind === undefined || kind === spanKind,
    );
    answer(res, found, found.length);
  });
  app.get('/api/dependencies', (req, res) => {
    const toMs = Number(text(req, 'endTs') ?? traffic.clock());
    const lookbackMs = Number(text(req, 'lookback') ?? 86_400_000);
    if (!(toMs > 0) || !(lookbackMs > 0)) {
      fail(res, 400, 'unable to parse param endTs or lookback');
      return;
    }
    answer(
      res,
      dependencies(traffic, {
        fromMs: toMs - lookbackMs,
        toMs: Math.min(toMs, traffic.clock()),
      }),
    );
  });
}

function addTraces(app: Express, traffic: Traffic, traces: Traces): void {
  app.get('/api/traces', (req, res, next) => {
    const ids = all(req, 'traceID');
    if (ids.length > 0) {
      const found = ids.flatMap(id => traces.find(padded(id)) ?? []);
      answer(res, found.map(writeTrace));
      return;
    }
    const search = async () => {
      const query = readQuery(req, traffic.clock());
      answer(res, (await searchTraces(traces, query)).map(writeTrace));
    };
    search().catch(error => {
      if (error instanceof BadRequest) {
        fail(res, 400, error.message);
      } else {
        next(error);
      }
    });
  });
  app.get('/api/traces/:id', (req, res) => {
    const { id } = req.params;
    if (!/^[0-9a-f]{1,32}$/i.test(id)) {
      fail(res, 400, `error parsing traceID: invalid trace id "${id}"`);
      return;
    }
    const trace = traces.find(padded(id));
    if (trace) {
      answer(res, [writeTrace(trace)]);
    } else {
      fail(res, 404, 'trace not found', padded(id));
    }
  });
}

function addPages(app: Express): void {
  // Jaeger has its page of a trace here, which people are linked to.
  app.get('/trace/:id', (req, res) => {
    res
      .type('text/plain')
      .send(
        `A stand-in for Jaeger: its page of the trace would be here. The data: /api/traces/${encodeURIComponent(
          req.params.id,
        )}\n`,
      );
  });
  app.get('/', (_req, res) => {
    res.type('text/plain').send('A stand-in for Jaeger: its query API only.\n');
  });
}

function readQuery(req: Request, nowMs: number): TraceQuery {
  const service = text(req, 'service');
  if (!service) {
    throw new BadRequest("parameter 'service' is required");
  }
  const nowUs = nowMs * 1000;
  const lookbackUs = goDurationUs(text(req, 'lookback') ?? '');
  const toUs = micros(req, 'end') ?? nowUs;
  const fromUs =
    micros(req, 'start') ?? toUs - (lookbackUs ?? DEFAULT_LOOKBACK_US);
  const limit = Number(text(req, 'limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 0) {
    throw new BadRequest(`unable to parse param 'limit'`);
  }
  const minDurationUs = durationUs(req, 'minDuration');
  const maxDurationUs = durationUs(req, 'maxDuration');
  if (
    minDurationUs !== undefined &&
    maxDurationUs !== undefined &&
    maxDurationUs < minDurationUs
  ) {
    throw new BadRequest("'maxDuration' should be greater than 'minDuration'");
  }
  return {
    service,
    operation: text(req, 'operation') || undefined,
    tags: readTags(req),
    minDurationUs,
    maxDurationUs,
    fromMs: fromUs / 1000,
    toMs: toUs / 1000,
    limit: Math.min(limit || DEFAULT_LIMIT, MOST_TRACES),
  };
}

function readTags(req: Request): Record<string, string> {
  const tags = new Map<string, string>();
  for (const pair of all(req, 'tag')) {
    const at = pair.indexOf(':');
    if (at < 0) {
      throw new BadRequest(
        `malformed 'tag' parameter, expecting key:value, received: ${pair}`,
      );
    }
    tags.set(pair.slice(0, at), pair.slice(at + 1));
  }
  for (const json of all(req, 'tags')) {
    let read: unknown;
    try {
      read = JSON.parse(json);
    } catch {
      read = undefined;
    }
    if (typeof read !== 'object' || read === null || Array.isArray(read)) {
      throw new BadRequest(
        `malformed 'tags' parameter, cannot unmarshal JSON: ${json}`,
      );
    }
    Object.entries(read).forEach(([key, value]) => {
      tags.set(key, String(value));
    });
  }
  return Object.fromEntries(tags);
}

function durationUs(req: Request, name: string): number | undefined {
  const given = text(req, name);
  if (!given) {
    return undefined;
  }
  const parsed = goDurationUs(given);
  if (parsed === undefined) {
    throw new BadRequest(
      `unable to parse param '${name}': time: invalid duration "${given}"`,
    );
  }
  return parsed;
}

function micros(req: Request, name: string): number | undefined {
  const given = text(req, name);
  if (!given) {
    return undefined;
  }
  if (!/^\d+$/.test(given)) {
    throw new BadRequest(`unable to parse param '${name}': "${given}"`);
  }
  return Number(given);
}

function all(req: Request, name: string): string[] {
  const value = req.query[name];
  return (Array.isArray(value) ? value : [value]).filter(
    (item): item is string => typeof item === 'string',
  );
}

function text(req: Request, name: string): string | undefined {
  return all(req, name)[0];
}

function padded(id: string): string {
  return id.toLowerCase().padStart(32, '0');
}

function answer(res: Response, found: readonly unknown[], total = 0): void {
  res.json({ data: found, total, limit: 0, offset: 0, errors: null });
}

function fail(
  res: Response,
  code: number,
  msg: string,
  traceID?: string,
): void {
  res.status(code).json({
    data: null,
    total: 0,
    limit: 0,
    offset: 0,
    errors: [{ code, msg, ...(traceID ? { traceID } : {}) }],
  });
}
