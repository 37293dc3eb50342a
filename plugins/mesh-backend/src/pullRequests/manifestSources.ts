import {
  argoSources,
  type DeliveredBy,
  describeRef,
  fluxRepositoryOf,
  fluxSource,
  type KubeObject,
  type KubeObjectRef,
  type ManifestSource,
  SourceRefused,
} from '@meshdeck/istio-config';

const ARGO_NAMESPACE = 'argocd';

/**
 * Where the manifests of an object lie, by what delivers it.
 *
 * @param read - an object of the cluster, read afresh; undefined where there is none. It throws where it may not be read.
 * @param argoNamespace - where Argo CD itself runs; by default `argocd`.
 * @throws SourceRefused where nobody can tell.
 */
export async function manifestSources(
  object: KubeObject,
  by: DeliveredBy,
  read: (ref: KubeObjectRef) => Promise<KubeObject | undefined>,
  argoNamespace = ARGO_NAMESPACE,
): Promise<ManifestSource[]> {
  const found = async (ref: KubeObjectRef) => {
    const answer = await read(ref);
    if (!answer) {
      throw new SourceRefused(
        `${describeRef(ref)}, which delivers the object${
          by.certainty === 'likely' ? ' by its labels' : ''
        }, is not in this cluster: ${by.tool} runs in another one, ${
          by.certainty === 'likely' ? 'the labels came with a copy, ' : ''
        }or it is gone. Change the file by hand.`,
      );
    }
    return answer;
  };
  const { kind, name } = by;
  if (kind === 'Application') {
    const namespace = by.namespace ?? argoNamespace;
    const application = await found({
      apiVersion: 'argoproj.io/v1alpha1',
      kind,
      name,
      namespace,
    });
    return argoSources(application);
  }
  if (kind === 'HelmRelease') {
    throw new SourceRefused(
      `HelmRelease ${by.namespace}/${name} makes the object from a chart: only its values can be changed, and which ones nobody can tell from here. Change them by hand.`,
    );
  }
  const kustomization = await found({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind,
    name,
    namespace: by.namespace,
  });
  const repository = await found({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    ...fluxRepositoryOf(kustomization),
  });
  return [fluxSource(kustomization, repository, object)];
}
