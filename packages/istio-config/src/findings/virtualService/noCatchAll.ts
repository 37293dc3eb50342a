import { isMap, itemsOf, textsOf } from '../../kube/reading';
import { takesEverything } from '../../routes/catchAlls';
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

/** What delegates is as wide as its own match, whatever the delegate makes of it. */
function takesTheRest(rule: any): boolean {
  return takesEverything({ matches: itemsOf(rule?.match).filter(isMap) });
}
