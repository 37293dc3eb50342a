import type { OverviewAlert } from '@meshdeck/plugin-mesh-common';
import type { PrometheusAlert } from '../sources/prometheus/PrometheusSource';

/** Severities that nobody is woken for. */
const MILD = ['info', 'none', 'warning', 'warn', 'ticket', 'low'];

/**
 * The alerts whose labels name a service: by the labels of Istio's metrics, by `service` and `namespace`, or by an
 * Envoy cluster. A name alone is not enough, another namespace may have the same.
 */
export function alertsAbout(
  service: { namespace: string; service: string },
  alerts: readonly PrometheusAlert[],
): OverviewAlert[] {
  return alerts
    .filter(({ labels }) => isAbout(service, labels))
    .map(({ name, state, labels, annotations, activeAt }) => ({
      name,
      state,
      level: isMild(labels.severity)
        ? ('warning' as const)
        : ('error' as const),
      severity: labels.severity,
      summary: annotations.summary ?? annotations.description,
      since: activeAt,
    }))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function isMild(severity = ''): boolean {
  return MILD.includes(severity.toLowerCase());
}

function rank({ state }: OverviewAlert): number {
  return state === 'firing' ? 0 : 1;
}

function isAbout(
  { namespace, service }: { namespace: string; service: string },
  labels: Record<string, string>,
): boolean {
  const isHere = (name: string | undefined, place: string | undefined) =>
    name === service && place === namespace;
  const host = labels.cluster_name?.split('|')[3] ?? labels.destination_service;
  return (
    isHere(
      labels.destination_service_name,
      labels.destination_service_namespace ?? labels.namespace,
    ) ||
    isHere(labels.service, labels.namespace) ||
    (host?.startsWith(`${service}.${namespace}.svc`) ?? false)
  );
}
