import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** An alert that compares requests per second with a share: it fires by the size of the traffic, not by its errors. */
export const alertOnRate = defineFinding({
  code: 'MD0124',
  level: 'warning',
  inputs: ['PrometheusRule'],
  source: 'prometheus.io: docs/prometheus/latest/querying/functions, rate()',
  *find({ PrometheusRule: objects }) {
    for (const resource of objects) {
      for (const [place, group] of itemsOf(resource.spec?.groups).entries()) {
        for (const [index, { alert, expr }] of itemsOf(group?.rules)
          .filter(rule => rule && typeof rule === 'object')
          .entries()) {
          if (typeof expr === 'string' && isRateAsShare(expr)) {
            yield {
              resource,
              path: `spec.groups[${place}].rules[${index}].expr`,
              message: `${
                alert ?? 'The alert'
              } compares failed requests per second of each series with a number below 1: it depends on how much is requested, not on the share that fails.`,
              fix: 'Divide by the rate of all requests: sum(rate(istio_requests_total{response_code=~"5.."}[5m])) / sum(rate(istio_requests_total[5m])).',
            };
          }
        }
      }
    }
  },
});

function isRateAsShare(expression: string): boolean {
  const [left, right] = expression.split(/>=?/);
  return (
    /\brate\(\s*istio_requests_total\{[^}]*response_code/.test(left) &&
    !left.includes('/') &&
    Number(right) > 0 &&
    Number(right) < 1
  );
}
