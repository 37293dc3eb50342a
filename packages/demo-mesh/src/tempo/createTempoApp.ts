import express, { Express, Request, Response } from 'express';
import { Traces } from '../jaeger/Traces';
import type { Traffic } from '../traffic/Traffic';
import { searchAnswer } from './searchAnswer';
import {
  BadTempoRequest,
  readSearch,
  readWindow,
  textOf,
} from './searchParameters';
import { TagCatalogue } from './TagCatalogue';
import { TempoSearch } from './TempoSearch';
import type { TempoTrace } from './TempoTrace';
import type { Condition } from './traceql/expressions';
import { parseTraceQl } from './traceql/parseTraceQl';
import { TraceQlError } from './traceql/TraceQlError';
import { IdFormat, writeResourceSpans } from './writeOtlp';

/**
 * Tempo's query API over the same traces as Jaeger's. It holds one tenant's traces; `X-Scope-OrgID` is accepted and
 * changes nothing.
 */
export function createTempoApp(options: {
  traffic: Traffic;
  ids?: IdFormat;
}): Express {
  const { traffic, ids = 'base64' } = options;
  const search = TempoSearch.create(Traces.create(traffic));
  const tags = TagCatalogue.create({ search, traffic });
  const app = express();
  app.disable('x-powered-by');
  const route: AddRoute = (path, answer) => {
    app.get(path, (req, res, next) => {
      Promise.resolve()
        .then(() => answer(req, res))
        .catch(error => {
          if (
            error instanceof BadTempoRequest ||
            error instanceof TraceQlError
          ) {
            res.status(400).type('text/plain').send(error.message);
          } else {
            next(error);
          }
        });
    });
  };

  addOwnState(route);
  addSearches(route, { search, tags, traffic });
  addTraces(route, search, ids);
  return app;
}

/** Answers, or says in plain text what is wrong with the request. */
type AddRoute = (
  path: string,
  answer: (req: Request, res: Response) => Promise<void> | void,
) => void;

function addOwnState(route: AddRoute): void {
  route('/ready', (_req, res) => {
    res.type('text/plain').send('ready\n');
  });
  route('/api/echo', (_req, res) => {
    res.type('text/plain').send('echo');
  });
  route('/status/version', (_req, res) => {
    res.type('text/plain').send('tempo, version 2.9.0 (branch: demo)\n');
  });
  route('/api/status/buildinfo', (_req, res) => {
    res.json({ version: '2.9.0', revision: 'meshdeck-demo', branch: 'demo' });
  });
}

function addSearches(
  route: AddRoute,
  {
    search,
    tags,
    traffic,
  }: { search: TempoSearch; tags: TagCatalogue; traffic: Traffic },
): void {
  route('/api/search', async (req, res) => {
    const { query, window, limit, spansPerSpanSet } = readSearch(
      req,
      traffic.clock(),
    );
    const condition = parseTraceQl(query);
    const found = await search.find(condition, window, limit);
    res.json({
      traces: found.map(match =>
        searchAnswer(match, condition, spansPerSpanSet),
      ),
      metrics: {
        inspectedTraces: found.length,
        completedJobs: 1,
        totalJobs: 1,
      },
    });
  });
  route('/api/v2/search/tags', async (req, res) => {
    const scopes = await tags.scopes(readWindow(req, traffic.clock()));
    const wanted = textOf(req, 'scope');
    res.json({
      scopes: scopes.filter(
        ({ name }) =>
          wanted === undefined || wanted === 'none' || name === wanted,
      ),
      metrics: {},
    });
  });
  route('/api/v2/search/tag/:name/values', async (req, res) => {
    const { name } = req.params;
    const window = readWindow(req, traffic.clock());
    const values = await tags.values(name, window, lenientFilter(req));
    if (!values) {
      throw new BadTempoRequest(
        `tag name is not valid intrinsic or scoped attribute: ${name}`,
      );
    }
    res.json({ tagValues: values, metrics: {} });
  });
}

function addTraces(route: AddRoute, search: TempoSearch, ids: IdFormat): void {
  const traceOf = (req: Request): TempoTrace | undefined =>
    search.get(traceIdOf(req.params.id));
  route('/api/traces/:id', (req, res) => {
    const trace = traceOf(req);
    if (trace) {
      res.json({ batches: writeResourceSpans(trace, ids) });
    } else {
      res.status(404).end();
    }
  });
  route('/api/v2/traces/:id', (req, res) => {
    const trace = traceOf(req);
    res.json({
      trace: trace ? { resourceSpans: writeResourceSpans(trace, ids) } : {},
      metrics: {},
    });
  });
}

/** Tempo ignores a filter that it cannot read where it only narrows suggestions. */
function lenientFilter(req: Request): Condition | undefined {
  const query = textOf(req, 'q');
  try {
    return query === undefined ? undefined : parseTraceQl(query);
  } catch {
    return undefined;
  }
}

function traceIdOf(text: string): string {
  const wrong = /[^0-9a-fA-F]/.exec(text);
  if (wrong) {
    throw new BadTempoRequest(
      `trace IDs can only contain hex characters: invalid character '${
        wrong[0]
      }' at position ${wrong.index + 1}`,
    );
  }
  if (text.length > 32) {
    throw new BadTempoRequest("trace IDs can't be larger than 128 bits");
  }
  return text.toLowerCase().padStart(32, '0');
}
