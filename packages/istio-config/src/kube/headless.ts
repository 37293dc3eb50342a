import type { KubeObject } from './KubeObject';

/** A Service without an address of its own: its pods are called by theirs. */
export function isHeadless(service: KubeObject | undefined): boolean {
  return service?.kind === 'Service' && service.spec?.clusterIP === 'None';
}
