import type { KubeObject } from '@meshdeck/istio-config';
import type { TrafficProfile } from '../traffic/TrafficProfile';
import { controlPlane } from './controlPlane';
import { generatedService, namespaceOf } from './GeneratedService';
import { generatedTraffic } from './generatedTraffic';
import { istioManifests } from './istioManifests';
import { workloadManifests } from './workloadManifests';

/** How large a generated mesh is. */
export interface GeneratedMeshOptions {
  services: number;
}

/** A platform made by counting. */
export interface GeneratedPlatform {
  /** What somebody would apply; pods and ReplicaSets come of it. */
  objects: readonly KubeObject[];
  traffic: readonly TrafficProfile[];
}

/**
 * A mesh of so many services, ten in each namespace. The same number gives the same mesh, and a larger one begins with
 * the smaller.
 */
export function generatePlatform(
  options: GeneratedMeshOptions,
): GeneratedPlatform {
  const indexes = Array.from({ length: options.services }, (_, at) => at + 1);
  return {
    objects: [
      ...controlPlane(),
      ...generatedNamespaces(options),
      ...indexes
        .map(generatedService)
        .flatMap(service => [
          ...workloadManifests(service),
          ...istioManifests(service),
        ]),
    ],
    traffic: generatedTraffic(options.services),
  };
}

export function generatedNamespaces({
  services,
}: GeneratedMeshOptions): KubeObject[] {
  const names = new Set(
    Array.from({ length: services }, (_, at) => namespaceOf(at + 1)),
  );
  return [...names].map(name => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { 'istio-injection': 'enabled', environment: 'production' },
      annotations: { 'meshdeck.io/onboarding': `group:default/${name}` },
    },
  }));
}
