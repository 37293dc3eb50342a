import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import { ownField } from '../kube/reading';
import { groupOf } from './groupOf';
import { SourceRefused } from './ManifestSource';

/** Which object says from where another one is delivered. @public */
export interface DeliveredBy {
  tool: 'Argo CD' | 'Flux';
  kind: 'Application' | 'Kustomization' | 'HelmRelease';
  name: string;
  /** Undefined where the object does not say it: then it is Argo CD's own namespace. */
  namespace?: string;
}

/**
 * Who delivers an object, by the marks that Argo CD and Flux leave on it; undefined where nobody does.
 *
 * @throws SourceRefused where a controller makes it from another object: a file of it would be overwritten.
 * @public
 */
export function deliveredBy(object: KubeObject): DeliveredBy | undefined {
  const { annotations, labels, ownerReferences } = object.metadata;
  const found =
    trackedBy(object) ??
    labelled(labels, 'kustomize.toolkit.fluxcd.io', 'Kustomization') ??
    labelled(labels, 'helm.toolkit.fluxcd.io', 'HelmRelease');
  // Flagger copies Flux's labels onto what it makes, and this beside them.
  const isLeftAlone =
    found?.tool === 'Flux' &&
    ownField(annotations, 'kustomize.toolkit.fluxcd.io/reconcile') ===
      'disabled';
  if (!found || isLeftAlone) {
    return undefined;
  }
  const maker = ownerReferences?.find(({ controller }) => controller);
  if (maker) {
    throw new SourceRefused(
      `${describeRef(refOf(object))} is made by ${maker.kind} ${
        maker.name
      }, which would overwrite a change. Change that one.`,
    );
  }
  return found;
}

function trackedBy(object: KubeObject): DeliveredBy | undefined {
  const { annotations, labels } = object.metadata;
  const id: unknown = ownField(annotations, 'argocd.argoproj.io/tracking-id');
  const application =
    typeof id === 'string'
      ? applicationOf(id, object)
      : ownField(labels, 'argocd.argoproj.io/instance');
  if (typeof application !== 'string' || application === '') {
    return undefined;
  }
  // An Application outside of Argo CD's namespace is tracked as namespace_name; no name has a `_`.
  const [first, second] = application.split('_');
  return second === undefined
    ? { tool: 'Argo CD', kind: 'Application', name: first }
    : { tool: 'Argo CD', kind: 'Application', name: second, namespace: first };
}

/** The application of `<app>:<group>/<kind>:<namespace>/<name>`; undefined where that names another object: then somebody copied it. */
function applicationOf(id: string, object: KubeObject): string | undefined {
  const [, application, group, kind, namespace, name] =
    /^([^:]+):([^:/]*)\/([^:]+):([^:/]*)\/(.+)$/.exec(id) ?? [];
  const { apiVersion, metadata } = object;
  const isOfIt =
    group === groupOf(apiVersion) &&
    kind === object.kind &&
    name === metadata.name &&
    (metadata.namespace === undefined || namespace === metadata.namespace);
  return isOfIt ? application : undefined;
}

function labelled(
  labels: unknown,
  prefix: string,
  kind: 'Kustomization' | 'HelmRelease',
): DeliveredBy | undefined {
  const name: unknown = ownField(labels, `${prefix}/name`);
  const namespace: unknown = ownField(labels, `${prefix}/namespace`);
  return typeof name === 'string' && typeof namespace === 'string'
    ? { tool: 'Flux', kind, name, namespace }
    : undefined;
}
