import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';
import type { Edit } from '../Mend';

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
          mend: {
            does: 'fault.delay.percent becomes fault.delay.percentage.value; as many requests are delayed as before.',
            edits: itemsOf(service.spec.http).flatMap(editsOf),
          },
        };
      }
    }
  },
});

function editsOf(rule: any, index: number): Edit[] {
  const { percent, percentage } = rule?.fault?.delay ?? {};
  if (percent === undefined) {
    return [];
  }
  const delay = ['spec', 'http', index, 'fault', 'delay'];
  return [
    { at: [...delay, 'percent'] },
    ...(percentage === undefined
      ? [{ at: [...delay, 'percentage'], value: { value: percent } }]
      : []),
  ];
}
