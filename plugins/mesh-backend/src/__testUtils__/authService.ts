import { component } from './startPortal';

/** The example service that most tests look at. */
export const authService = component('auth-service', {
  'backstage.io/kubernetes-id': 'auth-service',
});

/** Its placement. */
export const AUTH = '/placements/demo:orion:auth-service';

/** What is to be seen of a placement. */
export const VIEWS = [
  'overview',
  'routes',
  'security',
  'traces',
  'canary',
  'topology',
];
