import type { KubeObject } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { hostCovers } from './hosts';

type HostsOf = (set: MeshObjects, object: KubeObject) => readonly string[];

interface HostIndex {
  byHost: Map<string, readonly KubeObject[]>;
  /** Of hosts with a wildcard. */
  byPattern: [pattern: string, object: KubeObject][];
}

/**
 * Finds the objects of a kind by the hosts that they name; a mesh has thousands of them and a host a few. After a
 * change only the objects of its namespace are looked into again, and only for hosts that others name now the answer is
 * another list.
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
  const naming = (set: MeshObjects, host: string): readonly KubeObject[] => {
    const { byHost, byPattern } = set.derive(indexOfAll);
    const wild = byPattern
      .filter(([pattern]) => hostCovers(pattern, host))
      .map(([, object]) => object);
    return [...new Set([...(byHost.get(host) ?? []), ...wild])];
  };
  return (set, host) => set.derive(naming, host.toLowerCase());
}

function indexOf(
  set: MeshObjects,
  objects: readonly KubeObject[],
  hostsOf: HostsOf,
): HostIndex {
  const index: HostIndex = { byHost: new Map(), byPattern: [] };
  for (const object of objects) {
    const hosts = hostsOf(set, object).map(host => host.toLowerCase());
    for (const host of new Set(hosts)) {
      if (host.startsWith('*')) {
        index.byPattern.push([host, object]);
      } else {
        add(index.byHost, host, [object]);
      }
    }
  }
  return index;
}

function merged(indexes: readonly HostIndex[]): HostIndex {
  const all: HostIndex = { byHost: new Map(), byPattern: [] };
  for (const { byHost, byPattern } of indexes) {
    for (const [host, objects] of byHost) {
      add(all.byHost, host, objects);
    }
    for (const entry of byPattern) {
      all.byPattern.push(entry);
    }
  }
  return all;
}

function add(
  byHost: HostIndex['byHost'],
  host: string,
  objects: readonly KubeObject[],
) {
  const known = byHost.get(host);
  byHost.set(host, known ? [...known, ...objects] : objects);
}
