import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** `fault.delay.percent` has been replaced by `percentage`. */
export const deprecatedDelayPercent = defineFinding({
  code: 'IST0002',
  level: 'warning',
  inputs: ['VirtualService'],
  source: 'istio: pkg/config/analysis/analyzers/deprecation/deprecation.go',
  *find({ VirtualService: services }) {
    for (const service of services) {
      const index = itemsOf(service.spec?.http).findIndex(
        rule => rule?.fault?.delay?.percent > 0,
      );
      if (index >= 0) {
        yield {
          resource: service,
          path: `spec.http[${index}].fault.delay.percent`,
          message: 'fault.delay.percent is deprecated.',
          fix: 'Use fault.delay.percentage.value.',
        };
      }
    }
  },
});
