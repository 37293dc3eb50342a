import type { KubeObject } from '@meshdeck/istio-config';
import { ANNOTATION_MESHDECK_ONBOARDING } from '@meshdeck/plugin-mesh-common';
import { ownerRef } from './marks';

/** The owners that may bring services into a namespace: its own annotation names them, and nothing else opens it. */
export function openOwners(namespace: KubeObject | undefined): string[] {
  const text =
    namespace?.metadata.annotations?.[ANNOTATION_MESHDECK_ONBOARDING] ?? '';
  return text.split(',').flatMap(owner => ownerRef(owner) ?? []);
}
