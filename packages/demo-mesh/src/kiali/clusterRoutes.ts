import { workloadsIn } from '@meshdeck/istio-config';
import type { Request, Router } from 'express';
import type { HealthTime } from './KialiHealth';
import type { KialiContext } from './KialiContext';
import { meshMtls, namespaceMtls } from './mtlsStatus';
import { onlyParameters, textOf } from './queryParameters';
import { validationsOf } from './validations';

const LIST_PARAMETERS = [
  'clusterName',
  'namespaces',
  'health',
  'istioResources',
  'rateInterval',
  'queryTime',
  'onlyDefinitions',
];
const HEALTH_KEYS: Record<string, string> = {
  app: 'namespaceAppHealth',
  service: 'namespaceServiceHealth',
  workload: 'namespaceWorkloadHealth',
};

/** The routes that list what is in several namespaces at once. */
export function addClusterRoutes(api: Router, context: KialiContext): void {
  const { views } = context;
  api.get(
    '/api/clusters/services',
    onlyParameters(...LIST_PARAMETERS),
    (req, res) => {
      const options = context.viewOptions(req, { health: false });
      res.json(views.services(context.set, context.namespaces(req), options));
    },
  );
  api.get(
    '/api/clusters/workloads',
    onlyParameters(...LIST_PARAMETERS),
    (req, res) => {
      const options = context.viewOptions(req, { health: false });
      res.json(views.workloads(context.set, context.namespaces(req), options));
    },
  );
  api.get(
    '/api/clusters/health',
    onlyParameters(
      'type',
      'namespaces',
      'clusterName',
      'rateInterval',
      'queryTime',
    ),
    (req, res) => {
      const type = textOf(req, 'type') ?? 'app';
      const key = HEALTH_KEYS[type];
      if (!key) {
        res.status(400).json({
          error: "Query parameter 'type' must be app, service or workload",
        });
        return;
      }
      res
        .set('X-Kiali-Health-Cached', 'false')
        .json({ [key]: healthByNamespace(context, req, type) });
    },
  );
  api.get(
    '/api/clusters/tls',
    onlyParameters('namespaces', 'clusterName'),
    (req, res) => {
      const { set } = context;
      res.json(context.namespaces(req).map(name => namespaceMtls(set, name)));
    },
  );
  api.get(
    '/api/mesh/tls',
    onlyParameters('clusterName', 'revision'),
    (_req, res) => {
      res.json(meshMtls(context.set));
    },
  );
  api.get(
    '/api/istio/validations',
    onlyParameters('namespaces', 'clusterName'),
    (req, res) => {
      res.json(
        context
          .namespaces(req)
          .map(namespace => validationSummary(context, namespace)),
      );
    },
  );
}

function healthByNamespace(context: KialiContext, req: Request, type: string) {
  const time = context.healthTime(req);
  return Object.fromEntries(
    context
      .namespaces(req)
      .map(namespace => [
        namespace,
        type === 'service'
          ? serviceHealth(context, namespace, time)
          : workloadHealth(context, namespace, time, type),
      ]),
  );
}

function serviceHealth(
  { set, health }: KialiContext,
  namespace: string,
  time: HealthTime,
) {
  return Object.fromEntries(
    set
      .inNamespace('Service', namespace)
      .map(({ metadata: { name } }) => [
        name,
        health.service(namespace, name, time),
      ]),
  );
}

function workloadHealth(
  { set, health }: KialiContext,
  namespace: string,
  time: HealthTime,
  type: string,
) {
  return Object.fromEntries(
    workloadsIn(set, namespace).map(workload => {
      const own = health.workload(workload, time);
      return type === 'workload'
        ? [workload.name, own]
        : [
            workload.canonicalService,
            { ...own, workloadStatuses: [own.workloadStatus] },
          ];
    }),
  );
}

function validationSummary({ set }: KialiContext, namespace: string) {
  const found = validationsOf(set, namespace);
  const checks = found.flatMap(validation => validation.checks);
  const count = (severity: string) =>
    checks.filter(check => check.severity === severity).length;
  return {
    namespace,
    cluster: 'Kubernetes',
    errors: count('error'),
    warnings: count('warning'),
    objectCount: found.length,
  };
}
