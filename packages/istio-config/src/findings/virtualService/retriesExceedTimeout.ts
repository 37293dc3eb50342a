import { describeDuration, parseDurationMs } from '../../kube/duration';
import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** The retries of a rule take longer than the rule's timeout: the last of them never happen. */
export const retriesExceedTimeout = defineFinding({
  code: 'MD0108',
  level: 'warning',
  inputs: ['VirtualService'],
  source:
    'istio: api networking/v1alpha3/virtual_service.proto, HTTPRetry: retries happen within the timeout',
  *find({ VirtualService: services }) {
    for (const service of services) {
      for (const [index, rule] of itemsOf(service.spec?.http).entries()) {
        const timeout = parseDurationMs(rule?.timeout);
        const each = parseDurationMs(rule?.retries?.perTryTimeout);
        const attempts = Number(rule?.retries?.attempts);
        if (timeout && each && attempts > 0 && attempts * each > timeout) {
          yield {
            resource: service,
            path: `spec.http[${index}].retries`,
            message: `${attempts} retries of ${describeDuration(
              each,
            )} each need ${describeDuration(
              attempts * each,
            )}, but rule #${index} ends after ${describeDuration(
              timeout,
            )}: the last retries never happen.`,
            fix: 'Lengthen the timeout, or shorten perTryTimeout or attempts.',
          };
        }
      }
    }
  },
});
