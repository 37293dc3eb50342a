import { type Situation, WELL } from './Situation';

/** As the example platforms are, which have faults of their own. */
export const AS_THEY_ARE: Situation[] = [
  {
    name: 'a caller whom no policy allows',
    service: 'autolytiq/customer-service',
    level: 'warning',
    sentence: /^Every call from email-service is refused with 403/,
  },
  {
    name: 'a canary that fails more often, among many requests',
    service: 'orion/auth-service',
    level: 'warning',
    sentence: /^canary fails more often: 2(\.\d)? % of its requests, against 0/,
  },
  {
    name: 'a canary that fails much',
    service: 'autolytiq/deal-service',
    level: 'warning',
    sentence:
      /^2\d % of requests to canary fail with 503, all from api-gateway/,
  },
  {
    name: 'a version without pods',
    service: 'autolytiq/inventory-service',
    level: 'error',
    sentence:
      /^Every request with x-canary: true fails with 503: subset canary has no ready pods\.$/,
  },
  {
    name: 'a service without a proxy',
    service: 'orion-batch/legacy-batch',
    level: 'warning',
    sentence: /^Not in the mesh: its pods have no proxy/,
  },
  {
    name: 'a caller without a proxy',
    service: 'orion/user-service',
    level: 'warning',
    sentence: /^legacy-batch calls without encryption\.$/,
  },
  {
    name: 'TCP that is not answered, as an alert says',
    service: 'data-platform/timeseries-db',
    level: 'warning',
    sentence: /^The alert ConnectionsWithoutAnswer is firing: /,
  },
  {
    name: 'an alert on latency',
    service: 'zoptal-production/ai-service',
    level: 'warning',
    sentence: /^The alert ServiceLatencyHigh is firing: /,
  },
  {
    name: 'a limit that Istio ignores',
    service: 'orion-staging/auth-service',
    level: 'warning',
    sentence: /^DestinationRule auth-service: Istio ignores consecutiveErrors/,
  },
  ...[
    'autolytiq/auth-service',
    'autolytiq/config-service',
    'autolytiq/email-service',
    'autolytiq/user-service',
    'data-platform/client-service',
    'data-platform/ingest-service',
    'data-platform/protected-service',
    'docuthinker-prod/backend',
    'docuthinker-prod/backend-canary',
    'docuthinker-prod/frontend',
    'orion-staging/gateway-service',
    'orion/billing',
    'orion/gateway-service',
    'orion/notification-service',
    'orion/notification-service-canary',
    'zoptal-production/auth-service',
    'zoptal-production/billing-service',
    'zoptal-production/notification-service',
    'zoptal-production/project-service',
  ].map(
    (service): Situation => ({
      name: 'nothing that matters',
      service,
      level: 'ok',
      sentence: WELL,
    }),
  ),
];
