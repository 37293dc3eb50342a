import { resolveHost, serviceOfHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { itemsOf, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';

/** What stands behind a host: a Service or a ServiceEntry. */
export interface RegisteredHost {
  object: KubeObject;
  ports: number[];
}

/**
 * The Service or ServiceEntry that a host names for an object of `namespace`, as far as it is exported to where the
 * object itself is. Source: istio pkg/config/analysis/analyzers/util/service_lookup.go.
 */
export function registeredHost(
  set: MeshObjects,
  host: string,
  owner: { namespace: string; exportTo?: unknown },
): RegisteredHost | undefined {
  const { namespace } = owner;
  const full = resolveHost(host, namespace, set.meshConfig.domain);
  const given = textsOf(owner.exportTo);
  const places = (given.length ? given : [namespace]).map(scope =>
    scope === '.' ? namespace : scope,
  );
  const isVisible = (scopes: readonly string[]) =>
    scopes.includes('*') || places.some(place => scopes.includes(place));
  const service = serviceOfHost(set, full);
  if (service && isVisible(serviceScopes(service))) {
    return {
      object: service,
      ports: itemsOf(service.spec?.ports).map(port => Number(port?.port)),
    };
  }
  const { exact, wildcards } = set.derive(entryIndex);
  const entry =
    (exact.get(full) ?? []).find(({ scopes }) => isVisible(scopes)) ??
    wildcards.find(
      ({ host: pattern, scopes }) =>
        (scopes.includes('*') || scopes.includes(namespace)) &&
        full.replace(/^\*/, '').endsWith(pattern.slice(1)),
    );
  return (
    entry && {
      object: entry.object,
      ports: itemsOf(entry.object.spec?.ports).map(port =>
        Number(port?.number),
      ),
    }
  );
}

/** Where a Service can be seen: everywhere, or what its annotation `networking.istio.io/exportTo` lists. */
function serviceScopes(service: KubeObject): string[] {
  const listed = service.metadata.annotations?.['networking.istio.io/exportTo'];
  return listed
    ? String(listed)
        .split(',')
        .map(scope => (scope === '.' ? namespaceOf(service) : scope))
    : ['*'];
}

interface EntryHost {
  host: string;
  scopes: string[];
  object: KubeObject;
}

function entryIndex(set: MeshObjects) {
  const exact = new Map<string, EntryHost[]>();
  const wildcards: EntryHost[] = [];
  for (const object of set.all('ServiceEntry')) {
    const namespace = namespaceOf(object);
    const exportTo = textsOf(object.spec?.exportTo);
    const scopes = exportTo.length
      ? exportTo.map(scope => (scope === '.' ? namespace : scope))
      : ['*'];
    for (const name of textsOf(object.spec?.hosts)) {
      const host = resolveHost(name, namespace, set.meshConfig.domain);
      const entry = { host, scopes, object };
      if (host.startsWith('*')) {
        wildcards.push(entry);
      } else {
        exact.set(host, [...(exact.get(host) ?? []), entry]);
      }
    }
  }
  return { exact, wildcards };
}
