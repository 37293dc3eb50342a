import type { KubeObject } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';

/** One place of a VirtualService that names a host. */
export interface NamedDestination {
  path: string;
  destination: any;
  isMirror: boolean;
}

/** Every destination of a VirtualService: routes of all protocols, then mirrors. */
export function* routeDestinations(
  object: KubeObject,
): Iterable<NamedDestination> {
  for (const protocol of ['http', 'tcp', 'tls']) {
    for (const [index, rule] of itemsOf(object.spec?.[protocol]).entries()) {
      const path = `spec.${protocol}[${index}]`;
      for (const [position, route] of itemsOf(rule?.route).entries()) {
        yield {
          path: `${path}.route[${position}].destination`,
          destination: route?.destination,
          isMirror: false,
        };
      }
      if (protocol !== 'http') {
        continue;
      }
      if (rule?.mirror) {
        yield {
          path: `${path}.mirror`,
          destination: rule.mirror,
          isMirror: true,
        };
      }
      for (const [position, mirror] of itemsOf(rule?.mirrors).entries()) {
        yield {
          path: `${path}.mirrors[${position}].destination`,
          destination: mirror?.destination,
          isMirror: true,
        };
      }
    }
  }
}
