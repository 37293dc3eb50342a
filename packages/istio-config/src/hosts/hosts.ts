import type { MeshObjects } from '../MeshObjects';
import type { KubeObject } from '../kube/KubeObject';

/**
 * A host as Istio reads it in an object of `namespace`: a name without a dot is completed, any other is taken as it is,
 * so that `reviews.bookinfo` does not become a full name. Source: istio pkg/config/host, ResolveShortnameToFQDN.
 * @public
 */
export function resolveHost(
  host: string,
  namespace: string,
  domain: string,
): string {
  return host.includes('.') || host === '*'
    ? host
    : `${host}.${namespace}.svc.${domain}`;
}

/** The fully qualified name of a Kubernetes Service. @public */
export function serviceHost(
  namespace: string,
  name: string,
  domain: string,
): string {
  return `${name}.${namespace}.svc.${domain}`;
}

/** Whether a host pattern (`a.b`, `*.b`, `*`) covers a concrete host. @public */
export function hostCovers(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), host.toLowerCase()];
  if (wanted === '*' || wanted === given) {
    return true;
  }
  return wanted.startsWith('*') && given.endsWith(wanted.slice(1));
}

/** Higher is more specific: an exact host before any wildcard, a longer suffix before a shorter one. @public */
export function hostSpecificity(pattern: string): number {
  return pattern.startsWith('*') ? pattern.length : Number.MAX_SAFE_INTEGER;
}

/** The Service that a fully qualified host names. @public */
export function serviceOfHost(
  set: MeshObjects,
  host: string,
): KubeObject | undefined {
  const suffix = `.svc.${set.meshConfig.domain}`;
  if (!host.endsWith(suffix)) {
    return undefined;
  }
  const [name, namespace, ...rest] = host.slice(0, -suffix.length).split('.');
  return rest.length === 0 && namespace !== undefined
    ? set.get('Service', namespace, name)
    : undefined;
}

/**
 * Whether an object of `ownNamespace` is visible from `clientNamespace`.
 * Source: istio pilot/pkg/model/push_context.go, exportTo: `*` everyone, `.` its own namespace, `~` nobody.
 * @public
 */
export function isExportedTo(
  object: KubeObject,
  clientNamespace: string,
  defaults: readonly string[],
): boolean {
  const exportTo: unknown = object.spec?.exportTo;
  const scopes =
    Array.isArray(exportTo) && exportTo.length > 0 ? exportTo : defaults;
  return scopes.some(
    scope =>
      scope === '*' ||
      scope === clientNamespace ||
      (scope === '.' && object.metadata.namespace === clientNamespace),
  );
}
