import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import { fieldsOf, isMap, itemsOf } from '../kube/reading';
import { folderOf, type ManifestSource, SourceRefused } from './ManifestSource';

/** What of an Application's kustomize options changes no manifest of ours. */
const HARMLESS = [
  'version',
  'images',
  'forceCommonLabels',
  'forceCommonAnnotations',
  'commonLabels',
  'commonAnnotations',
  'labelWithoutSelector',
  'labelIncludeTemplates',
];

/**
 * Where an Argo CD Application takes its manifests from; the object lies in one of them.
 *
 * @throws SourceRefused for what is no folder of manifests at a branch: charts, plugins, values from elsewhere, pinned revisions.
 * @public
 */
export function argoSources(application: KubeObject): ManifestSource[] {
  const name = describeRef(refOf(application));
  const { spec, status } = application;
  if (isMap(spec?.sourceHydrator)) {
    throw new SourceRefused(
      `${name} hydrates its manifests: what it applies is made from something else. Change that by hand.`,
    );
  }
  const several = itemsOf(spec?.sources);
  const sources = several.length > 0 ? several : [spec?.source];
  const types = [status?.sourceType, ...itemsOf(status?.sourceTypes)];
  const type = types.find(known => known === 'Helm' || known === 'Plugin');
  if (type) {
    throw new SourceRefused(type === 'Helm' ? ofHelm(name) : ofPlugin(name));
  }
  return sources.map(source => sourceOf(name, source, spec?.destination));
}

function sourceOf(
  name: string,
  source: unknown,
  destination: unknown,
): ManifestSource {
  if (!isMap(source) || typeof source.repoURL !== 'string') {
    throw new SourceRefused(`${name} names no repository.`);
  }
  if (source.chart || isMap(source.helm)) {
    throw new SourceRefused(ofHelm(name));
  }
  if (source.plugin) {
    throw new SourceRefused(ofPlugin(name));
  }
  if (source.ref) {
    throw new SourceRefused(
      `${name} takes values from a second repository (ref: ${String(
        source.ref,
      )}). Change those by hand.`,
    );
  }
  const { directory, kustomize } = source;
  if (
    isMap(directory) &&
    (directory.include ||
      directory.exclude ||
      fieldsOf(directory.jsonnet).length > 0)
  ) {
    throw new SourceRefused(
      `${name} takes only some files of its folder (include, exclude), or runs jsonnet. Change the file by hand.`,
    );
  }
  const [option] =
    fieldsOf(kustomize).find(
      ([field]) => !HARMLESS.includes(field) && field !== 'namespace',
    ) ?? [];
  if (option) {
    throw new SourceRefused(
      `${name} changes what is in the files on its own (kustomize.${option}). Change the file or the Application by hand.`,
    );
  }
  return {
    repositoryUrl: source.repoURL,
    branch: branchOf(name, source.targetRevision),
    folder: folderOf(source.path),
    isRecursive: isMap(directory) && directory.recurse === true,
    namespace:
      textOf(isMap(kustomize) ? kustomize.namespace : undefined) ??
      textOf(isMap(destination) ? destination.namespace : undefined),
    ...(isMap(kustomize) &&
      textOf(kustomize.namespace) && { isNamespaceForced: true }),
  };
}

function branchOf(name: string, revision: unknown): string | undefined {
  const text = textOf(revision);
  if (!text || text === 'HEAD') {
    return undefined;
  }
  const isPinned = /^refs\/tags\//.test(text) || /^[0-9a-f]{7,40}$/.test(text);
  const isRange = /^v?\d+(\.(\d+|x|\*))*$|[\^~<>=*|, ]/.test(text);
  if (isPinned || isRange) {
    throw new SourceRefused(
      `${name} is pinned to ${text}, which no merge moves. Change the file and what the Application is pinned to by hand.`,
    );
  }
  return text.replace(/^refs\/heads\//, '');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function ofHelm(name: string): string {
  return `${name} is made by a Helm chart: only its values can be changed, and which ones nobody can tell from here. Change them by hand.`;
}

function ofPlugin(name: string): string {
  return `${name} is made by a plugin of Argo CD. Change what that reads by hand.`;
}
