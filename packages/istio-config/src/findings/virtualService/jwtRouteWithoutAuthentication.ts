import { fullNameOf, KubeObject, namespaceOf } from '../../kube/KubeObject';
import { fieldsOf, itemsOf, textsOf } from '../../kube/reading';
import { selects } from '../../kube/selectors';
import { defineFinding } from '../Finding';
import { podsLabelled } from '../podsLabelled';
import { splitGatewayName } from './gatewayNames';

const CLAIM_PREFIX = '@request.auth.claims';

/** Routing by a token's claim at a gateway where nothing reads tokens: the claim is never there. */
export const jwtRouteWithoutAuthentication = defineFinding({
  code: 'IST0149',
  level: 'error',
  inputs: ['VirtualService'],
  source:
    'istio: pkg/config/analysis/analyzers/virtualservice/jwtclaimroute.go',
  *find({ VirtualService: services }, set) {
    for (const service of services) {
      const claim = claimKey(service);
      if (!claim) {
        continue;
      }
      for (const [index, reference] of textsOf(
        service.spec?.gateways,
      ).entries()) {
        const gateway = set.get(
          'Gateway',
          ...splitGatewayName(reference, namespaceOf(service)),
        );
        if (!gateway) {
          continue;
        }
        for (const pod of podsLabelled(set, gateway.spec?.selector)) {
          const readers = [
            ...set.inNamespace(
              'RequestAuthentication',
              set.meshConfig.rootNamespace,
            ),
            ...set.inNamespace('RequestAuthentication', namespaceOf(pod)),
          ];
          if (
            readers.some(reader =>
              selects(reader.spec?.selector?.matchLabels, pod.metadata.labels),
            )
          ) {
            continue;
          }
          yield {
            resource: service,
            path: `spec.gateways[${index}]`,
            message: `It routes by ${claim}, but no RequestAuthentication reads tokens at ${fullNameOf(
              pod,
            )} of the gateway ${reference}: the rule never matches.`,
            fix: 'Add a RequestAuthentication for the gateway.',
          };
        }
      }
    }
  },
});

function claimKey(service: KubeObject): string | undefined {
  return itemsOf(service.spec?.http)
    .flatMap(rule => itemsOf(rule?.match))
    .flatMap(match => [
      ...fieldsOf(match?.headers),
      ...fieldsOf(match?.withoutHeaders),
    ])
    .map(([name]) => name)
    .find(name => name.startsWith(CLAIM_PREFIX));
}
