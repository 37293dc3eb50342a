import type { Manifest } from '@meshdeck/plugin-mesh-common';
import { renderOnboarding } from '@meshdeck/plugin-scaffolder-backend-module-mesh';
import type { Subject } from '../manifests/Subject';

/** The new service of these tests. */
export const SHOP: Subject = {
  namespace: 'market',
  name: 'shop',
  entityRef: 'component:default/shop',
  owner: 'group:default/team-deals',
  domain: 'cluster.local',
};

/** Its manifests, as the scaffolder renders them. */
export function shopManifests(subject: Partial<Subject> = {}): Manifest[] {
  const { name, namespace, owner } = { ...SHOP, ...subject };
  return renderOnboarding({
    name,
    namespace,
    owner,
    image: 'ghcr.io/market/shop:1.0.0',
    port: 8090,
    replicas: 2,
    callerNamespaces: [namespace],
    withCanary: true,
  });
}
