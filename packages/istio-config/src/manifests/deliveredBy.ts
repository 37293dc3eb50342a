import type { KubeObject } from '../kube/KubeObject';
import { isMap, itemsOf, ownField } from '../kube/reading';
import { groupOf } from './groupOf';

/** What delivers an object, and which object says from where. @public */
export interface DeliveredBy {
  tool: 'Argo CD' | 'Flux';
  kind: 'Application' | 'Kustomization' | 'HelmRelease';
  name: string;
  /** Undefined where the object does not say it: then it is Argo CD's own namespace. */
  namespace?: string;
  /** `certain` where the mark names this very object; `likely` where it is a label, which may have come with a copy of another one. */
  certainty: 'certain' | 'likely';
  /** The controller that makes the object from another one, as `Canary reviews`: a file of it would be overwritten. */
  madeBy?: string;
}

const FLUX = {
  Kustomization: 'kustomize.toolkit.fluxcd.io',
  HelmRelease: 'helm.toolkit.fluxcd.io',
} as const;
/** By which labels or annotations Flux leaves an object alone. Flagger writes the first beside what it copies. */
const LEFT_ALONE = [
  [`${FLUX.Kustomization}/reconcile`, 'disabled'],
  [`${FLUX.Kustomization}/ssa`, 'ignore'],
  [`${FLUX.Kustomization}/ssa`, 'ifnotpresent'],
];
/** What Kubernetes takes for the name of an object of these kinds, and of a namespace. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * Who delivers an object, by the marks that Argo CD and Flux leave on it; undefined where nobody does. Whatever the marks are, it does not
 * throw. `app.kubernetes.io/instance` alone says nothing: every Helm chart writes it.
 *
 * @public
 */
export function deliveredBy(object: KubeObject): DeliveredBy | undefined {
  const found =
    trackedBy(object) ??
    labelledBy(object, 'Kustomization') ??
    labelledBy(object, 'HelmRelease');
  if (!found) {
    return undefined;
  }
  const madeBy = makerOf(object);
  return madeBy === undefined ? found : { ...found, madeBy };
}

function trackedBy(object: KubeObject): DeliveredBy | undefined {
  const { annotations, labels } = object.metadata;
  const id: unknown = ownField(annotations, 'argocd.argoproj.io/tracking-id');
  const isTracked = typeof id === 'string' && id !== '';
  const application: unknown = isTracked
    ? applicationOf(id, object)
    : ownField(labels, 'argocd.argoproj.io/instance');
  // An Application outside of Argo CD's namespace is tracked as namespace_name; no name has a `_`.
  const [name, namespace, ...more] =
    typeof application === 'string' ? application.split('_').reverse() : [];
  const isName =
    isNameOf(name) &&
    (namespace === undefined || isNameOf(namespace)) &&
    more.length === 0;
  return isName
    ? {
        tool: 'Argo CD',
        kind: 'Application',
        name,
        ...(namespace !== undefined && { namespace }),
        certainty: isTracked ? 'certain' : 'likely',
      }
    : undefined;
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

function labelledBy(
  { metadata }: KubeObject,
  kind: keyof typeof FLUX,
): DeliveredBy | undefined {
  const { labels, annotations } = metadata;
  const name: unknown = ownField(labels, `${FLUX[kind]}/name`);
  const namespace: unknown = ownField(labels, `${FLUX[kind]}/namespace`);
  const isLeftAlone = LEFT_ALONE.some(
    ([mark, value]) =>
      isMarked(labels, mark, value) || isMarked(annotations, mark, value),
  );
  return isNameOf(name) && isNameOf(namespace) && !isLeftAlone
    ? { tool: 'Flux', kind, name, namespace, certainty: 'likely' }
    : undefined;
}

/** As Flux compares them: capital letters count for the mark and not for its value. */
function isMarked(marks: unknown, mark: string, value: string): boolean {
  const said: unknown = ownField(marks, mark);
  return typeof said === 'string' && said.toLowerCase() === value;
}

function makerOf({ metadata }: KubeObject): string | undefined {
  const maker: unknown = itemsOf(metadata.ownerReferences).find(
    owner => isMap(owner) && owner.controller === true,
  );
  return isMap(maker)
    ? `${String(maker.kind)} ${String(maker.name)}`
    : undefined;
}

function isNameOf(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}
