import { itemsOf, textsOf } from '../../kube/reading';
import { takesEverything } from '../../routes/catchAlls';
import type { RouteRule } from '../../routes/types';
import { gatewaysOf } from '../../routes/virtualServices';
import { defineFinding } from '../Finding';

/** Inside the mesh, a request that no rule matches gets 404, even where the service itself would answer it. */
export const noCatchAll = defineFinding({
  code: 'MD0115',
  level: 'info',
  // Some mean it so.
  detail: true,
  inputs: ['VirtualService'],
  source:
    'istio: pilot/pkg/networking/core/route/route.go: a virtual host has only the routes of its VirtualService',
  *find({ VirtualService: services }) {
    for (const service of services) {
      const rules = itemsOf(service.spec?.http);
      if (
        rules.length > 0 &&
        textsOf(service.spec?.hosts).length > 0 &&
        gatewaysOf(service).includes('mesh') &&
        !rules.some(takesTheRest)
      ) {
        yield {
          resource: service,
          path: 'spec.http',
          message:
            'Every rule has a match and none takes the rest: all other requests to the host are answered 404.',
          fix: 'Add a last rule without a match, unless the rest is meant to fail.',
        };
      }
    }
  },
});

/** A rule for a port alone takes what else comes to that port; whoever splits by port has named those there are. */
function takesTheRest(rule: any): boolean {
  const matches = itemsOf(rule?.match).map(match => ({
    ...match,
    port: undefined,
  }));
  return takesEverything({ matches } as unknown as RouteRule);
}
