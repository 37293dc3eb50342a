import { InputError, NotFoundError } from '@backstage/errors';
import {
  describeRef,
  type KubeObject,
  type KubeObjectRef,
  type MeshObjects,
  objectsFor,
} from '@meshdeck/istio-config';
import { EDITABLE_KINDS, type Placement } from '@meshdeck/plugin-mesh-common';
import { writableResource } from '../cluster/writableResources';
import { isSameObject } from './foreignServices';

/**
 * An object that may be edited as text, or deleted, from the page of a service.
 *
 * @throws InputError where its kind is none of these, or it says nothing of the service; NotFoundError where it is not there.
 */
export function editableObject(
  set: MeshObjects,
  { namespace, service }: Placement,
  ref: KubeObjectRef,
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
  return object;
}
