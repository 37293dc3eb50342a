import {
  serviceNameIn,
  type TraceSpan,
  spanDestination,
  spanRequest,
  partyWords,
  isOfProxy,
} from '@meshdeck/plugin-mesh-common';

/** Envoy's name of a route: `auth-service.orion.svc.cluster.local:8080/*`. */
const ROUTE = /^([a-z0-9-]+\.[a-z0-9-]+\.svc\.[a-z0-9.-]+?)(:\d+)?(\/.*)?$/;

/** An operation without what the reader knows: the domain of the cluster, and the namespace of the page. */
export function operationIn(operation: string, namespace: string): string {
  const [, host, , path = ''] = ROUTE.exec(operation) ?? [];
  return host ? `${serviceNameIn(host, namespace)}${path}` : operation;
}

/** What was asked: `POST /api/deals`, else the name of the operation. */
export function requestWords(
  asked: { method?: string; path?: string; operation: string },
  namespace: string,
): string {
  const { method, path, operation } = asked;
  return path
    ? [method, path].filter(Boolean).join(' ')
    : operationIn(operation, namespace);
}

/** What a span did: a proxy's says whom it called, and with what; the application's own has a name for it. */
export function spanWords(span: TraceSpan, namespace: string): string {
  const { tags, operation } = span;
  if (!isOfProxy(tags)) {
    return operationIn(operation, namespace);
  }
  const destination = spanDestination(tags);
  const to =
    destination &&
    `→ ${partyWords(
      { service: destination.host, version: destination.subset },
      namespace,
    )}`;
  const asked = requestWords({ ...spanRequest(tags), operation }, namespace);
  return [to, asked].filter(Boolean).join(' ');
}
