import type { Request, Response, Router } from 'express';
import { parseDurationMs } from '../prometheus/promql/duration';
import type { ServiceName } from '../traffic/TrafficProfile';
import { buildGraph } from './graph';
import { answerOr404, KialiContext } from './KialiContext';
import { namespaceMtls } from './mtlsStatus';
import { intervalOf, listOf, onlyParameters, textOf } from './queryParameters';

const GRAPH_PARAMETERS = [
  'duration',
  'graphType',
  'namespaces',
  'appenders',
  'boxBy',
  'includeIdleEdges',
  'injectServiceNodes',
  'queryTime',
  'rateHttp',
  'rateGrpc',
  'rateTcp',
  'ambientTraffic',
  'responseTime',
  'throughputType',
  'waypoints',
  'refreshInterval',
  'clusterName',
];
const GRAPH_TYPES = ['app', 'service', 'versionedApp', 'workload'];
const DETAIL_PARAMETERS = [
  'clusterName',
  'validate',
  'rateInterval',
  'queryTime',
  'health',
  'workloadGVK',
];

/** The routes about one namespace and what is in it. */
export function addNamespaceRoutes(api: Router, context: KialiContext): void {
  const { views } = context;
  api.get('/api/namespaces', onlyParameters(), (_req, res) => {
    res.json(views.namespaces(context.set));
  });
  api.get(
    '/api/namespaces/graph',
    onlyParameters(...GRAPH_PARAMETERS),
    (req, res) => {
      const namespaces = listOf(req, 'namespaces');
      if (!namespaces) {
        res.status(400).json({ error: 'At least one namespace is required' });
        return;
      }
      answerGraph(context, req, res, { namespaces });
    },
  );
  api.get(
    '/api/namespaces/:namespace/services/:name/graph',
    onlyParameters(...GRAPH_PARAMETERS),
    (req, res) => {
      const { namespace, name } = req.params;
      if (!context.set.get('Service', namespace, name)) {
        answerOr404(res, undefined, `services "${name}"`);
        return;
      }
      answerGraph(context, req, res, {
        namespaces: [namespace],
        service: { namespace, name },
      });
    },
  );
  api.get(
    '/api/namespaces/:namespace/tls',
    onlyParameters('clusterName'),
    (req, res) => {
      const { namespace } = req.params;
      const { set } = context;
      answerOr404(
        res,
        set.namespace(namespace) && namespaceMtls(set, namespace),
        `namespace ${namespace}`,
      );
    },
  );
  api.get(
    '/api/namespaces/:namespace/services/:name',
    onlyParameters(...DETAIL_PARAMETERS),
    (req, res) => {
      const { namespace, name } = req.params;
      const options = context.viewOptions(req, { health: true });
      answerOr404(
        res,
        views.serviceDetails(context.set, namespace, name, options),
        `services "${name}"`,
      );
    },
  );
  api.get(
    '/api/namespaces/:namespace/workloads/:name',
    onlyParameters(...DETAIL_PARAMETERS),
    (req, res) => {
      const { namespace, name } = req.params;
      const options = context.viewOptions(req, { health: true });
      answerOr404(
        res,
        views.workloadDetails(context.set, namespace, name, options),
        `workload "${name}"`,
      );
    },
  );
}

function answerGraph(
  context: KialiContext,
  req: Request,
  res: Response,
  scope: { namespaces: string[]; service?: ServiceName },
): void {
  const graphType = textOf(req, 'graphType') ?? 'workload';
  if (!GRAPH_TYPES.includes(graphType)) {
    res.status(400).json({ error: `Invalid graphType [${graphType}]` });
    return;
  }
  res.json(
    buildGraph(context.queries, context.set, {
      ...scope,
      graphType,
      injectsServices: textOf(req, 'injectServiceNodes') === 'true',
      durationS: parseDurationMs(intervalOf(req, 'duration', '10m')) / 1000,
      atMs: context.timeMs(req),
    }),
  );
}
