import { type KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { hostCovers } from './hosts';
import { NamedHosts } from './NamedHosts';

/** The hosts that an object names, fully qualified. */
export type HostsOf = (
  set: MeshObjects,
  object: KubeObject,
) => readonly string[];

/** Answers by host, wildcards included. */
export interface HostLookup {
  (set: MeshObjects, host: string): readonly KubeObject[];
  /** The namespaces of objects that name a host which another names, too; wildcards aside. */
  namespacesSharing(set: MeshObjects): readonly string[];
  hasWildcards(set: MeshObjects): boolean;
}

type Wildcard = [pattern: string, object: KubeObject];

interface HostIndex {
  byDomain: ReadonlyMap<string, NamedHosts>;
  wildcards: readonly Wildcard[];
}

const NOBODY = new NamedHosts();

/**
 * Finds the objects of a kind by the hosts that they name; a mesh has thousands of them and a host a few. After a
 * change only the objects of its namespace are looked into again, and only hosts of the domains that these name.
 */
export function defineHostIndex(kind: string, hostsOf: HostsOf): HostLookup {
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
  const sharingIn = (set: MeshObjects, domain: string) =>
    namespacesSharing(set.derive(inDomain, domain));
  const sharing = (set: MeshObjects) => [
    ...new Set(
      [...set.derive(indexOfAll).byDomain.keys()].flatMap(domain =>
        set.derive(sharingIn, domain),
      ),
    ),
  ];
  return Object.assign(
    (set: MeshObjects, host: string) => set.lookUp(naming, host.toLowerCase()),
    {
      namespacesSharing: (set: MeshObjects) => set.derive(sharing),
      hasWildcards: (set: MeshObjects) => set.derive(wildcards).length > 0,
    },
  );
}

function namespacesSharing(hosts: NamedHosts): string[] {
  const shared = [...hosts].flatMap(([, objects]) =>
    objects.length > 1 ? objects.map(namespaceOf) : [],
  );
  return [...new Set(shared)];
}

function indexOf(
  set: MeshObjects,
  objects: readonly KubeObject[],
  hostsOf: HostsOf,
): HostIndex {
  const byDomain = new Map<string, NamedHosts>();
  const wildcards: Wildcard[] = [];
  for (const object of objects) {
    const hosts = hostsOf(set, object).map(host => host.toLowerCase());
    for (const host of new Set(hosts)) {
      if (host.startsWith('*')) {
        wildcards.push([host, object]);
      } else {
        const domain = domainOf(host);
        const named = byDomain.get(domain) ?? new NamedHosts();
        byDomain.set(domain, named);
        named.add(host, [object]);
      }
    }
  }
  return { byDomain, wildcards };
}

/** Most domains are named from one namespace alone; their hosts are shared, not copied. */
function merged(indexes: readonly HostIndex[]): HostIndex {
  const all = new Map<string, NamedHosts[]>();
  for (const { byDomain } of indexes) {
    for (const [domain, hosts] of byDomain) {
      const known = all.get(domain);
      if (known) {
        known.push(hosts);
      } else {
        all.set(domain, [hosts]);
      }
    }
  }
  return {
    byDomain: new Map(
      [...all].map(([domain, lists]) => [
        domain,
        lists.length === 1 ? lists[0] : NamedHosts.ofAll(lists),
      ]),
    ),
    wildcards: indexes.flatMap(one => one.wildcards),
  };
}

/** What Services of one namespace have in common. */
function domainOf(host: string): string {
  return host.slice(host.indexOf('.') + 1);
}
