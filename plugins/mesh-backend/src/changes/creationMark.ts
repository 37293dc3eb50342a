import type { KubeObject } from '@meshdeck/istio-config';

/** By it whoever created an object knows it again, also where the answer was lost. */
const ANNOTATION = 'meshdeck.io/onboarding-call';

/** The object as it is created by a call that is to know it again. */
export function withCreationMark(object: KubeObject, call: string): KubeObject {
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [ANNOTATION]: call };
  return { ...object, metadata: { ...metadata, annotations } };
}

/** The call that created an object, as the object says. */
export function creationMark({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[ANNOTATION];
}

/** Whether an object is the one that was to be created, and says so itself. */
export function bearsMarkOf(wanted: KubeObject, current: KubeObject): boolean {
  const call = creationMark(wanted);
  return call !== undefined && creationMark(current) === call;
}
