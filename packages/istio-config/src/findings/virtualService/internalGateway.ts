import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { isInternalGateway } from './gatewayNames';

/** A VirtualService names a gateway that Istio generated for itself. */
export const internalGateway = defineFinding({
  code: 'IST0165',
  level: 'warning',
  inputs: ['VirtualService'],
  source: 'istio: pkg/config/analysis/analyzers/virtualservice/gateways.go',
  *find({ VirtualService: services }) {
    for (const service of services) {
      for (const [index, gateway] of itemsOf(
        service.spec?.gateways,
      ).entries()) {
        if (typeof gateway === 'string' && isInternalGateway(gateway)) {
          yield {
            resource: service,
            path: `spec.gateways[${index}]`,
            message: `${gateway} is a gateway that Istio makes for itself; its name may change at any time.`,
            fix: 'Name the Gateway API Gateway that it was made from, or use an HTTPRoute.',
          };
        }
      }
    }
  },
});
