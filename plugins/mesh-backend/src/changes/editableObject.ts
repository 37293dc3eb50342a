import { InputError, NotFoundError } from '@backstage/errors';
import {
  describeRef,
  END_ANNOTATION_PREFIX,
  fieldsOf,
  isSameJson,
  itemsOf,
  type KubeObject,
  type KubeObjectRef,
  type MeshObjects,
  objectsFor,
  ownField,
  refOf,
} from '@meshdeck/istio-config';
import { EDITABLE_KINDS, type Placement } from '@meshdeck/plugin-mesh-common';
import { writableResource } from '../cluster/writableResources';
import { ChangeConflict } from './ChangeConflict';
import { isSameObject } from './foreignServices';

/** To whom an object speaks, and from where it is asked: that is not decided from the page of one service. */
const REACH: Readonly<Record<string, readonly string[]>> = {
  VirtualService: ['hosts', 'gateways', 'exportTo'],
  DestinationRule: ['host', 'exportTo', 'workloadSelector'],
  HTTPRoute: ['parentRefs', 'hostnames', 'useDefaultGateways'],
  GRPCRoute: ['parentRefs', 'hostnames', 'useDefaultGateways'],
};

/**
 * An object that may be edited as text, or deleted, from the page of a service.
 *
 * @param wanted - the object, and the resourceVersion that somebody looked at.
 * @throws InputError where its kind is none of these, it says nothing of the service, or something in it ends by itself;
 * NotFoundError where it is not there, ChangeConflict where it is another one than was looked at.
 */
export function editableObject(
  set: MeshObjects,
  { namespace, service }: Placement,
  { object: ref, seen }: { object: KubeObjectRef; seen: string },
): KubeObject {
  if (!EDITABLE_KINDS.includes(ref.kind) || !writableResource(ref)) {
    throw new InputError(
      `No ${
        ref.kind
      } is edited from here, only what is of these kinds: ${EDITABLE_KINDS.join(
        ', ',
      )}.`,
    );
  }
  const object = set.get(ref.kind, ref.namespace, ref.name);
  if (!object) {
    throw new NotFoundError(`${describeRef(ref)} is not there any more.`);
  }
  const isAbout = objectsFor(set, namespace, service).some(
    ({ kind, metadata }) => isSameObject({ kind, ...metadata }, ref),
  );
  if (!isAbout) {
    throw new InputError(
      `${describeRef(
        ref,
      )} says nothing of ${namespace}/${service}. Edit it from the page of a service that it is for.`,
    );
  }
  if (object.metadata.resourceVersion !== seen) {
    throw ChangeConflict.over(object, seen);
  }
  if (endsSomething(object)) {
    throw new InputError(
      `Something in ${describeRef(
        ref,
      )} ends by itself. End it first, from the list of changes.`,
    );
  }
  return object;
}

/** @throws InputError where a text is of another version, would speak to others than before, brings a fault, or says of something that it ends by itself. */
export function requireSamePlace(
  before: KubeObject,
  written: KubeObject,
): void {
  const name = describeRef(refOf(before));
  if (endsSomething(written)) {
    throw new InputError(
      `Annotations that begin with ${END_ANNOTATION_PREFIX} are the portal’s own. Take them out.`,
    );
  }
  for (const field of ['uid', 'resourceVersion'] as const) {
    const given = written.metadata[field];
    if (given !== undefined && given !== before.metadata[field]) {
      throw new InputError(
        `The text says metadata.${field}: ${given}, which is not that of ${name} now. Take it out, or begin with what is there.`,
      );
    }
  }
  const known = faultsOf(before);
  if (
    faultsOf(written).some(fault => !known.some(one => isSameJson(one, fault)))
  ) {
    throw new InputError(
      'A fault is set by its form on the Routes tab: there it ends by itself. Take it out of the text.',
    );
  }
  for (const field of REACH[before.kind] ?? []) {
    const [is, wanted] = [before, written].map(
      ({ spec }) => ownField(spec, field) as unknown,
    );
    if (!isSameJson(is, wanted)) {
      throw new InputError(
        `spec.${field} of ${name} says for whom it is, which is not changed from the page of a service. Change it where ${name} is kept.`,
      );
    }
  }
}

function faultsOf({ spec }: KubeObject): unknown[] {
  return itemsOf(spec?.http).flatMap(http => ownField(http, 'fault') ?? []);
}

function endsSomething({ metadata }: KubeObject): boolean {
  return fieldsOf(metadata.annotations).some(([key]) =>
    key.startsWith(END_ANNOTATION_PREFIX),
  );
}
