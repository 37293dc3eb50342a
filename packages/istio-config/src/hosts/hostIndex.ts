import type { KubeObject } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { hostCovers } from './hosts';
import { NamedHosts } from './NamedHosts';

/** The hosts that an object names, fully qualified. */
export type HostsOf = (
  set: MeshObjects,
  object: KubeObject,
) => readonly string[];

type Wildcard = [pattern: string, object: KubeObject];

interface HostIndex {
  byHost: NamedHosts;
  wildcards: readonly Wildcard[];
}

interface WholeIndex {
  byDomain: ReadonlyMap<string, NamedHosts>;
  wildcards: readonly Wildcard[];
}

const NOBODY = new NamedHosts();

/**
 * Finds the objects of a kind by the hosts that they name; a mesh has thousands of them and a host a few. After a
 * change only the objects of its namespace are looked into again, and only hosts of the domains that these name.
 */
export function defineHostIndex(
  kind: string,
  hostsOf: HostsOf,
): (set: MeshObjects, host: string) => readonly KubeObject[] {
  const indexIn = (set: MeshObjects, namespace: string) =>
    indexOf(set, set.inNamespace(kind, namespace), hostsOf);
  const indexOfAll = (set: MeshObjects) =>
    merged(
      set
        .namespacesWith([kind])
        .map(namespace => set.derive(indexIn, namespace)),
    );
  const inDomain = (set: MeshObjects, domain: string) =>
    set.derive(indexOfAll).byDomain.get(domain) ?? NOBODY;
  const wildcards = (set: MeshObjects) => set.derive(indexOfAll).wildcards;
  const naming = (set: MeshObjects, host: string): readonly KubeObject[] => {
    const exact = set.derive(inDomain, domainOf(host)).naming(host);
    const wild = set
      .derive(wildcards)
      .filter(([pattern]) => hostCovers(pattern, host))
      .map(([, object]) => object);
    return wild.length > 0 ? [...new Set([...exact, ...wild])] : exact;
  };
  return (set, host) => set.lookUp(naming, host.toLowerCase());
}

function indexOf(
  set: MeshObjects,
  objects: readonly KubeObject[],
  hostsOf: HostsOf,
): HostIndex {
  const byHost = new NamedHosts();
  const wildcards: Wildcard[] = [];
  for (const object of objects) {
    const hosts = hostsOf(set, object).map(host => host.toLowerCase());
    for (const host of new Set(hosts)) {
      if (host.startsWith('*')) {
        wildcards.push([host, object]);
      } else {
        byHost.add(host, [object]);
      }
    }
  }
  return { byHost, wildcards };
}

function merged(indexes: readonly HostIndex[]): WholeIndex {
  const byDomain = new Map<string, NamedHosts>();
  for (const { byHost } of indexes) {
    for (const [host, objects] of byHost) {
      const domain = domainOf(host);
      const hosts = byDomain.get(domain) ?? new NamedHosts();
      byDomain.set(domain, hosts);
      hosts.add(host, objects);
    }
  }
  return { byDomain, wildcards: indexes.flatMap(one => one.wildcards) };
}

/** What Services of one namespace have in common. */
function domainOf(host: string): string {
  return host.slice(host.indexOf('.') + 1);
}
