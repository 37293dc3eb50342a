import { ConflictError } from '@backstage/errors';
import {
  describeRef,
  type KubeObject,
  ownField,
  refOf,
  selects,
} from '@meshdeck/istio-config';
import { namedEntities } from '../placements/namedEntities';
import type { Subject } from './Subject';
import { isMarkedFor, markedOwner } from './marks';
import type { Neighbours } from './readNeighbours';

/**
 * In a namespace that teams share, everything that is there and does not bear the mark of this very service belongs to
 * somebody else.
 * @throws ConflictError where the manifests would take an object, a name, pods or requests from somebody.
 */
export function checkNeighbours(
  subject: Subject,
  manifests: readonly KubeObject[],
  there: Neighbours,
): void {
  for (const object of there.existing) {
    checkOwn(subject, object);
  }
  for (const manifest of manifests) {
    checkName(subject, manifest, there.services);
    if (manifest.kind === 'Deployment') {
      checkNoOtherFinds(subject, manifest, there.services);
    }
  }
  for (const object of [...there.pods, ...there.workloads]) {
    checkFindsNoOther(subject, object);
  }
}

/** What exists is changed only where Meshdeck made it, for this entity of this owner. */
function checkOwn(subject: Subject, object: KubeObject): void {
  const label = describeRef(refOf(object));
  if (!isMarkedFor(object, subject)) {
    const [entityRef] = namedEntities(object);
    const owner = markedOwner(object);
    throw new ConflictError(
      `${label} exists and belongs to ${
        [entityRef, owner && `of ${owner}`].filter(Boolean).join(' ') ||
        'somebody else'
      }: Meshdeck did not create it for ${subject.entityRef} of ${
        subject.owner
      }. Choose another name.`,
    );
  }
  if (object.metadata.deletionTimestamp) {
    throw new ConflictError(
      `${label} is being deleted. Try again once it is gone.`,
    );
  }
}

/** `shop-policy` is shop's, unless there is a Service `shop-policy`. */
function checkName(
  { name }: Subject,
  manifest: KubeObject,
  services: readonly KubeObject[],
): void {
  const own = manifest.metadata.name;
  const nearer = services.find(
    ({ metadata: other }) =>
      other.name.length > name.length &&
      (own === other.name || own.startsWith(`${other.name}-`)),
  );
  if (nearer) {
    throw new ConflictError(
      `${describeRef(refOf(manifest))} would bear a name of ${describeRef(
        refOf(nearer),
      )}. Choose another name.`,
    );
  }
}

/** The new pods get no requests that are meant for other Services. */
function checkNoOtherFinds(
  { name }: Subject,
  deployment: KubeObject,
  services: readonly KubeObject[],
): void {
  const labels = deployment.spec.template.metadata.labels;
  const finder = services.find(
    ({ metadata, spec }) =>
      metadata.name !== name &&
      Object.keys(spec?.selector ?? {}).length > 0 &&
      selects(spec.selector, labels),
  );
  if (finder) {
    throw new ConflictError(
      `${describeRef(refOf(finder))} selects the pods of ${describeRef(
        refOf(deployment),
      )}, too: it would send them its requests. Choose another name.`,
    );
  }
}

/** The new Service and its policies find no pods of other people, neither now nor when they are started again. */
function checkFindsNoOther(subject: Subject, object: KubeObject): void {
  const template = object.spec?.template;
  const { labels, annotations } = template?.metadata ?? object.metadata;
  if (ownField(labels, 'app') !== subject.name) {
    return;
  }
  if (
    !namedEntities({ metadata: { annotations } }).includes(subject.entityRef)
  ) {
    throw new ConflictError(
      `${describeRef(refOf(object))} is labelled app: ${
        subject.name
      } and belongs to somebody else: the new Service and its policies would concern it. Choose another name.`,
    );
  }
}
