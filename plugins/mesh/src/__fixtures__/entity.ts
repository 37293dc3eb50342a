import type { Entity } from '@backstage/catalog-model';

export const authService: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'auth-service',
    namespace: 'default',
    annotations: {
      'backstage.io/kubernetes-id': 'auth-service',
      'backstage.io/kubernetes-namespace': 'orion',
    },
  },
  spec: { type: 'service', lifecycle: 'production', owner: 'team-identity' },
  relations: [
    { type: 'ownedBy', targetRef: 'group:default/team-identity' },
    { type: 'partOf', targetRef: 'system:default/orion' },
  ],
};

export const AUTH_SERVICE_REF = 'component:default/auth-service';
