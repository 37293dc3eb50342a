import type { KubeObject } from '@meshdeck/istio-config';
import type { Deed } from './Situation';

const meta = (namespace: string, name: string) => ({ namespace, name });

export const virtualService = (
  namespace: string,
  name: string,
  spec: object,
): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: meta(namespace, name),
  spec,
});

export const destinationRule = (
  namespace: string,
  name: string,
  spec: object,
): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: meta(namespace, name),
  spec,
});

export const policy = (
  namespace: string,
  name: string,
  spec: object,
): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: meta(namespace, name),
  spec,
});

export const toHost = (host: string, subset?: string) => ({
  destination: { host, ...(subset ? { subset } : {}) },
});

/** A VirtualService with other rules. */
export const routed = (place: string, http: object[]): Deed => ({
  patch: `VirtualService ${place}`,
  with: { spec: { http } },
});

export const scaledToNothing = (place: string): Deed => ({
  patch: `Deployment ${place}`,
  with: { spec: { replicas: 0 } },
});

export const STABLE = { name: 'stable', labels: { version: 'stable' } };
export const CANARY = { name: 'canary', labels: { version: 'canary' } };
export const CANARY_UNDEFINED: Deed = {
  patch: 'DestinationRule orion/auth-service',
  with: { spec: { subsets: [STABLE] } },
};
