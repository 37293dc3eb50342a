import { Config } from '@backstage/config';
import { isRepositoryPattern } from './repositoryPattern';
import type { MeshSettings } from './MeshSettings';
import { readSources } from './readSources';

const DEADLINE_MS = { least: 100, most: 60_000, usual: 4000 };
/** Below, sources would be asked at each request; above, a page would show the past. */
const REFRESH_SECONDS = { least: 0.05, most: 3600, usual: 15 };

/** Reads `mesh:`. @throws where a value cannot be what its key means, naming the key. */
export function readMeshSettings(root: Config): MeshSettings {
  const config = root.getOptionalConfig('mesh');
  const common = config ? readSources(config) : {};
  if (common.prometheus?.clusterName) {
    throw new Error(
      'mesh.prometheus.clusterName would be the same for every cluster: set it in mesh.clusters, beside the name of the cluster',
    );
  }
  const perCluster = new Map(
    (config?.getOptionalConfigArray('clusters') ?? []).map(cluster => [
      cluster.getString('name'),
      { ...common, ...readSources(cluster) },
    ]),
  );
  return {
    deadlineMs: readNumber(config, 'deadlineMs', DEADLINE_MS),
    gitOps: readGitOps(config?.getOptionalConfig('gitOps')),
    refreshMs: readNumber(config, 'refreshSeconds', REFRESH_SECONDS) * 1000,
    sharesAnswers:
      (root.getOptionalString('backend.cache.store') ?? 'memory') !== 'memory',
    writers: readWriters(config?.getOptionalConfigArray('clusters') ?? []),
    sourcesOf: cluster => perCluster.get(cluster) ?? common,
  };
}

function readGitOps(config: Config | undefined): MeshSettings['gitOps'] {
  const direct = config?.getOptionalString('directChanges') ?? 'confirmed';
  if (direct !== 'confirmed' && direct !== 'never') {
    throw new Error(
      `mesh.gitOps.directChanges is "${direct}": expected confirmed or never`,
    );
  }
  const repositories = config?.getOptionalStringArray('repositories');
  const wrong = repositories?.find(pattern => !isRepositoryPattern(pattern));
  if (wrong !== undefined) {
    throw new Error(
      `mesh.gitOps.repositories has "${wrong}": expected host and path without https://, such as github.com/acme/*`,
    );
  }
  return {
    repositories,
    isRequestOnly: direct === 'never',
    argoNamespace: config?.getOptionalString('argoNamespace') ?? 'argocd',
  };
}

/** A writer that served two clusters would write to one of them what was meant for the other. */
function readWriters(clusters: readonly Config[]): Map<string, string> {
  const writers = new Map<string, string>();
  const taken = new Set(clusters.map(cluster => cluster.getString('name')));
  for (const cluster of clusters) {
    const name = cluster.getString('name');
    const writer = cluster.getOptionalString('writeThrough');
    if (writer === undefined) {
      continue;
    }
    if (taken.has(writer)) {
      throw new Error(
        `mesh.clusters: writeThrough of ${name} is "${writer}", which is a cluster of its own here or writes to another one: expected an entry under kubernetes for this alone`,
      );
    }
    taken.add(writer);
    writers.set(name, writer);
  }
  return writers;
}

/** @throws where it is no number, or none that makes sense: a portal that starts with it would fail in ways that name nothing. */
function readNumber(
  config: Config | undefined,
  key: string,
  range: { least: number; most: number; usual: number },
): number {
  const value = config?.getOptionalNumber(key) ?? range.usual;
  // Also false for what is not a number.
  if (!(value >= range.least && value <= range.most)) {
    throw new Error(
      `mesh.${key} is ${value}: expected a number from ${range.least} to ${range.most}`,
    );
  }
  return value;
}
