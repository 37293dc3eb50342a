import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import { folderOf, type ManifestSource, SourceRefused } from './ManifestSource';
import { mayPatch } from './mayPatch';

/** @public */
export interface FluxSourceRef {
  name: string;
  namespace: string;
}

/**
 * The GitRepository that a Flux Kustomization reads.
 *
 * @throws SourceRefused where it reads no repository.
 * @public
 */
export function fluxRepositoryOf(kustomization: KubeObject): FluxSourceRef {
  const { sourceRef } = kustomization.spec ?? {};
  if (!isMap(sourceRef) || sourceRef.kind !== 'GitRepository') {
    throw new SourceRefused(
      `${describeRef(refOf(kustomization))} reads a ${String(
        sourceRef?.kind ?? 'source',
      )} and no git repository. Change what that is made from by hand.`,
    );
  }
  return {
    name: String(sourceRef.name),
    namespace: String(sourceRef.namespace ?? kustomization.metadata.namespace),
  };
}

/**
 * Where a Flux Kustomization takes its manifests from.
 *
 * @param repository - as {@link fluxRepositoryOf} names it.
 * @param object - whose manifest is looked for.
 * @throws SourceRefused where the repository is pinned, or the Kustomization changes the object on its own.
 * @public
 */
export function fluxSource(
  kustomization: KubeObject,
  repository: KubeObject,
  object: KubeObject,
): ManifestSource {
  const name = describeRef(refOf(kustomization));
  const { path, targetNamespace, namePrefix, nameSuffix } =
    kustomization.spec ?? {};
  if (namePrefix || nameSuffix) {
    throw new SourceRefused(
      `${name} gives objects other names than the files (namePrefix, nameSuffix). Change the file by hand.`,
    );
  }
  const patches = [
    ...itemsOf(kustomization.spec?.patches),
    ...itemsOf(kustomization.spec?.patchesStrategicMerge),
    ...itemsOf(kustomization.spec?.patchesJson6902),
  ];
  if (patches.some(patch => mayPatch(patch, object))) {
    throw new SourceRefused(
      `${name} changes ${describeRef(
        refOf(object),
      )} by a patch of its own, which would undo a change of the file. Change the patch by hand.`,
    );
  }
  const url: unknown = repository.spec?.url;
  if (typeof url !== 'string') {
    throw new SourceRefused(
      `${describeRef(refOf(repository))} names no repository.`,
    );
  }
  return {
    repositoryUrl: url,
    branch: branchOf(repository),
    folder: folderOf(path),
    isRecursive: true,
    ...(typeof targetNamespace === 'string' &&
      targetNamespace !== '' && {
        namespace: targetNamespace,
        isNamespaceForced: true,
      }),
  };
}

function branchOf(repository: KubeObject): string {
  const ref: unknown = repository.spec?.ref;
  if (!isMap(ref)) {
    return 'master';
  }
  const head = /^refs\/heads\/(.+)$/.exec(String(ref.name ?? ''))?.[1];
  const pinned =
    ref.commit ?? (head ? undefined : ref.name) ?? ref.semver ?? ref.tag;
  if (pinned) {
    throw new SourceRefused(
      `${describeRef(refOf(repository))} is pinned to ${String(
        pinned,
      )}, which no merge moves. Change the file and what the repository is pinned to by hand.`,
    );
  }
  return head ?? String(ref.branch ?? 'master');
}
