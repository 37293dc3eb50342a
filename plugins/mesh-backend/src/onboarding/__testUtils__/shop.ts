import {
  type KubeObject,
  type OnboardingAnswers,
  planOnboarding,
} from '@meshdeck/istio-config';
import type { Subject } from '../Subject';

/** The new service of these tests. */
export const SHOP: Subject = {
  namespace: 'market',
  name: 'shop',
  entityRef: 'component:default/shop',
  owner: 'group:default/team-deals',
};

/** What somebody answers who brings it. */
export function shopAnswers(subject: Partial<Subject> = {}): OnboardingAnswers {
  const { name, namespace, owner } = { ...SHOP, ...subject };
  return {
    name,
    namespace,
    owner,
    image: 'ghcr.io/market/shop:1.0.0',
    port: 8090,
    replicas: 2,
    callerNamespaces: [namespace],
    withCanary: true,
  };
}

/** What is to be written of it. */
export function shopObjects(): readonly KubeObject[] {
  return planOnboarding([], shopAnswers()).objects;
}
