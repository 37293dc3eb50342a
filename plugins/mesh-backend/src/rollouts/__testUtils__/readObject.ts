import { KubeObject, MeshObjects } from '@meshdeck/istio-config';
import { findRollout } from '../findRollout';
import type { VersionPair } from '../gates';
import { readRollout } from '../rollouts';
import { rolloutVerdict } from '../rolloutVerdict';

export const PLACE = {
  id: 'c:a:shop',
  cluster: 'c',
  namespace: 'a',
  service: 'shop',
};
export const WELL: VersionPair = {
  stable: { requestsPerSecond: 9, errorShare: 0.001, p99Ms: 80 },
  canary: { requestsPerSecond: 1, errorShare: 0.002, p99Ms: 90 },
};
export const SLOW: VersionPair = {
  ...WELL,
  canary: { requestsPerSecond: 1, errorShare: 0.002, p99Ms: 712 },
};

export const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop', namespace: 'a' },
  spec: { selector: { app: 'shop' } },
};

export function canary(
  spec: unknown,
  status?: unknown,
  name = 'shop',
): KubeObject {
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name, namespace: 'a' },
    spec,
    status,
  };
}

export function rollout(spec: unknown, status?: unknown): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'shop', namespace: 'a' },
    spec,
    status,
  };
}

export function read(
  object: KubeObject,
  numbers?: VersionPair,
  more: KubeObject[] = [],
) {
  const set = MeshObjects.create([SERVICE, object, ...more]);
  // What is typed anyhow may concern no service; it is to be read all the same.
  const found = findRollout(set, PLACE) ?? {
    provider: object.kind === 'Canary' ? 'flagger' : 'argo',
    object,
    movesWeights: true,
  };
  const view = readRollout(set, found, numbers);
  return { view, said: rolloutVerdict(view, PLACE) };
}

export const steps = (object: KubeObject) =>
  read(object).view.steps.map(({ words, state }) => `${words}: ${state}`);
