import { KUBERNETES_GATEWAY } from '../../kube/homeGroups';
import { namespaceOf } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { isInternalGateway, splitGatewayName } from './gatewayNames';

/** A VirtualService hangs on a gateway that is not there. */
export const gatewayNotFound = defineFinding({
  code: 'IST0101',
  level: 'error',
  inputs: ['VirtualService'],
  needs: ['Gateway'],
  source: 'istio: pkg/config/analysis/analyzers/virtualservice/gateways.go',
  *find({ VirtualService: services }, set) {
    for (const service of services) {
      for (const [index, gateway] of itemsOf(
        service.spec?.gateways,
      ).entries()) {
        if (
          typeof gateway !== 'string' ||
          gateway === 'mesh' ||
          isInternalGateway(gateway)
        ) {
          continue;
        }
        const [namespace, name] = splitGatewayName(
          gateway,
          namespaceOf(service),
        );
        if (
          set.get('Gateway', namespace, name) ||
          set.get(KUBERNETES_GATEWAY, namespace, name)
        ) {
          continue;
        }
        yield {
          resource: service,
          path: `spec.gateways[${index}]`,
          message: `There is no Gateway ${gateway}: nothing comes in through it.`,
          fix: 'Correct the name (a gateway of another namespace is named namespace/name), or create the Gateway.',
        };
      }
    }
  },
});
