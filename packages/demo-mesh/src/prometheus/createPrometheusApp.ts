import express, { Express, Request, Response, Router } from 'express';
import type { Traffic } from '../traffic/Traffic';
import { exposition } from './exposition';
import { Parameters } from './parameters';
import { parseSeriesSelector } from './promql/parseQuery';
import { QueryError } from './promql/QueryError';
import { labelOf } from './promql/values';
import { Queries } from './Queries';
import { Alerts } from './rules/Alerts';
import { RecordedSeries } from './rules/RecordedSeries';
import type { RuleGroup } from './rules/RuleGroup';
import { ScrapeTimes } from './ScrapeTimes';
import type { Series } from './Series';
import { TrafficSeries } from './TrafficSeries';

const DEFAULT_SCRAPE_INTERVAL_MS = 15_000;
const STATUS_OF: Record<QueryError['errorType'], number> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  not_found: 404,
  internal: 500,
};

/** Prometheus' HTTP API over the simulated traffic, and `/metrics` for a real Prometheus to scrape. */
export function createPrometheusApp(options: {
  traffic: Traffic;
  groups: readonly RuleGroup[];
  scrapeIntervalMs?: number;
}): Express {
  const { traffic, groups } = options;
  const { clock } = traffic;
  const scrapes = ScrapeTimes.create({
    intervalMs: options.scrapeIntervalMs ?? DEFAULT_SCRAPE_INTERVAL_MS,
    clock,
  });
  const exposed = TrafficSeries.create(traffic);
  const source = RecordedSeries.create({
    source: exposed,
    scrapes,
    groups,
    fromMs: traffic.originMs,
    clock,
  });
  const queries = Queries.create({ source, scrapes });
  const alerts = Alerts.create({ queries, groups });

  const app = express();
  app.disable('x-powered-by');
  app.get(['/-/healthy', '/-/ready'], (req, res) => {
    res
      .type('text/plain')
      .send(
        req.path === '/-/ready'
          ? 'Prometheus Server is Ready.\n'
          : 'Prometheus Server is Healthy.\n',
      );
  });
  app.get('/metrics', (req, res) => {
    // Dated samples are of the times at which this server takes its own, so that both have the same, however late they are fetched.
    const dated = req.query.dated === 'true';
    const atMs = dated ? scrapes.atOrBefore(clock()) : clock();
    res
      .set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
      .send(exposition(exposed, atMs, { dated }));
  });
  const api = Router();
  api.use(express.urlencoded({ extended: false, limit: '1mb' }));
  addQueries(api, queries, clock);
  addSeries(api, queries, { fromMs: traffic.originMs, clock });
  addRules(api, alerts, clock);
  app.use('/api/v1', api);
  return app;
}

/** By GET, and by POST for what is too long for an address. */
function both(
  api: Router,
  path: string,
  answer: (parameters: Parameters) => unknown,
): void {
  const handler = (req: Request, res: Response) =>
    respond(res, () => answer(Parameters.create(req)));
  api.get(path, handler);
  api.post(path, handler);
}

function addQueries(api: Router, queries: Queries, clock: () => number): void {
  both(api, '/query', parameters =>
    queries.instant(
      parameters.required('query'),
      parameters.timeMs('time', clock()),
    ),
  );
  both(api, '/query_range', parameters =>
    queries.range(parameters.required('query'), {
      startMs: parameters.timeMs('start'),
      endMs: parameters.timeMs('end'),
      stepMs: parameters.durationMs('step'),
    }),
  );
}

function addSeries(
  api: Router,
  queries: Queries,
  { fromMs, clock }: { fromMs: number; clock: () => number },
): void {
  const selected = (parameters: Parameters, isRequired: boolean): Series[] => {
    const selectors = parameters.all('match').map(parseSeriesSelector);
    if (selectors.length === 0 && isRequired) {
      throw QueryError.badData('no match[] parameter provided');
    }
    return queries.series(
      selectors.length > 0
        ? selectors
        : [parseSeriesSelector('{__name__!=""}')],
      {
        startMs: parameters.timeMs('start', fromMs),
        endMs: parameters.timeMs('end', clock()),
      },
    );
  };
  both(api, '/series', parameters =>
    selected(parameters, true).map(({ labels }) => labels),
  );
  both(api, '/labels', parameters =>
    sortedSet(
      selected(parameters, false).flatMap(({ labels }) => Object.keys(labels)),
    ),
  );
  api.get('/label/:name/values', (req, res) =>
    respond(res, () => {
      const { name } = req.params;
      if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
        throw QueryError.badData(`invalid label name: "${name}"`);
      }
      return sortedSet(
        selected(Parameters.create(req), false).flatMap(
          ({ labels }) => labelOf(labels, name) || [],
        ),
      );
    }),
  );
}

function addRules(api: Router, alerts: Alerts, clock: () => number): void {
  api.get('/alerts', (_req, res) =>
    respond(res, () => ({ alerts: alerts.active(clock()) })),
  );
  api.get('/rules', (req, res) =>
    respond(res, () => {
      const type = Parameters.create(req).text('type');
      if (type !== undefined && type !== 'alert' && type !== 'record') {
        throw QueryError.badData(`not supported value "${type}"`);
      }
      return { groups: alerts.ruleGroups(clock(), type) };
    }),
  );
  api.get('/status/buildinfo', (_req, res) =>
    respond(res, () => ({
      version: '3.5.0',
      revision: 'meshdeck-demo',
      branch: 'demo',
      buildUser: 'meshdeck',
      buildDate: '20260101-00:00:00',
      goVersion: 'none: a stand-in',
    })),
  );
}

function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function respond(res: Response, answer: () => unknown): void {
  try {
    res.json({ status: 'success', data: answer() });
  } catch (error) {
    const known =
      error instanceof QueryError
        ? error
        : { errorType: 'internal' as const, message: String(error) };
    res.status(STATUS_OF[known.errorType]).json({
      status: 'error',
      errorType: known.errorType,
      error: known.message,
    });
  }
}
