import {
  beforeOf,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { ChangedObject } from '@meshdeck/plugin-mesh-common';
import { yamlOf } from '../facts/objects';
import { alterations } from './alterations';
import type { Step } from './Change';

const WHO_ALTERS =
  'An admission webhook or a default of the cluster does that.';

/** What the cluster made else of an object than was meant; undefined where it took it as it is. */
export function alteredFrom(
  { after }: Step,
  stored: KubeObject | undefined,
  says: string,
): string | undefined {
  const altered = after && stored && alterations(after, stored);
  return altered
    ? `${says} something else than what is meant: ${altered}. ${WHO_ALTERS}`
    : undefined;
}

/** An object before and after, for people. */
export function changedObject(
  { edit }: Step,
  after: KubeObject | undefined,
): ChangedObject {
  const before = beforeOf(edit);
  return {
    object: refOf(objectOf(edit)),
    action: edit.action,
    resourceVersion: before?.metadata.resourceVersion ?? '',
    before: before ? yamlOf(before) : '',
    after: after ? yamlOf(after) : '',
  };
}
