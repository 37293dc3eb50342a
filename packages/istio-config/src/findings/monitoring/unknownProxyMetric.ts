import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** Source: envoyproxy.io docs/configuration/observability/statistics, the statistics of `server.`. */
const OF_THE_SERVER = new Set(
  `concurrency days_until_first_cert_expiring debug_assertion_failures dropped_stat_flushes dynamic_unknown_fields
   envoy_bug_failures envoy_notifications fips_mode hot_restart_epoch hot_restart_generation initialization_time_ms
   live main_thread_watchdog_mega_miss main_thread_watchdog_miss memory_allocated memory_heap_size
   memory_physical_size parent_connections seconds_until_first_ocsp_response_expiring state static_unknown_fields
   stats_recent_lookups total_connections uptime version wip_protos worker_watchdog_mega_miss worker_watchdog_miss`.split(
    /\s+/,
  ),
);

/** An alert on a statistic that Envoy does not have: it never fires. */
export const unknownProxyMetric = defineFinding({
  code: 'MD0125',
  level: 'warning',
  inputs: ['PrometheusRule'],
  source:
    'envoyproxy.io: docs/configuration/observability/statistics, server statistics',
  *find({ PrometheusRule: objects }) {
    for (const resource of objects) {
      for (const [place, group] of itemsOf(resource.spec?.groups).entries()) {
        for (const [index, rule] of itemsOf(group?.rules).entries()) {
          const metrics = String(rule?.expr ?? '').matchAll(
            /\benvoy_server_([a-z_]+?)(?:_bucket|_sum|_count)?\b/g,
          );
          for (const [metric, name] of metrics) {
            if (!OF_THE_SERVER.has(name)) {
              yield {
                resource,
                path: `spec.groups[${place}].rules[${index}].expr`,
                message: `Envoy has no statistic ${metric}: the alert never fires.`,
                fix: name.includes('cert')
                  ? 'Use envoy_server_days_until_first_cert_expiring, which is in days.'
                  : 'Use a statistic that the proxy’s /stats/prometheus lists.',
              };
            }
          }
        }
      }
    }
  },
});
