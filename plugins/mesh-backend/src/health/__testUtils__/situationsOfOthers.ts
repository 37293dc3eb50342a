import { policy, scaledToNothing } from './deeds';
import { type Situation, WELL } from './Situation';

/** What somebody does to pods, policies and rollouts, and sources that are away. */
export const OTHERS: Situation[] = [
  {
    name: 'a Deployment is scaled to nothing',
    service: 'orion/billing',
    deeds: [
      { patch: 'Deployment orion/billing', with: { spec: { replicas: 0 } } },
    ],
    level: 'error',
    sentence: /503/,
  },
  {
    name: 'a canary is scaled to nothing while it still gets requests',
    service: 'orion/auth-service',
    deeds: [scaledToNothing('orion/auth-service-canary')],
    level: 'error',
    sentence:
      /^Every request with x-canary: true fails with 503: subset canary has no ready pods\.$/,
  },
  {
    name: 'a selector selects nobody',
    service: 'autolytiq/user-service',
    deeds: [
      {
        patch: 'Service autolytiq/user-service',
        with: { spec: { selector: { app: 'nobody' } } },
      },
    ],
    level: 'error',
    sentence:
      /^No pod stands behind Service user-service: every request fails with 503\.$/,
  },
  {
    name: 'a policy that allows nobody',
    service: 'orion/billing',
    deeds: [
      {
        create: policy('orion', 'nobody', {
          action: 'DENY',
          selector: { matchLabels: { app: 'billing' } },
          rules: [{}],
        }),
      },
    ],
    passes: true,
    level: 'warning',
    sentence: /^Every call from .*gateway-service.* is refused with 403/,
  },
  {
    name: 'STRICT before a caller without a proxy',
    service: 'orion/user-service',
    deeds: [
      {
        patch: 'PeerAuthentication orion/user-service-migration',
        with: { spec: { mtls: { mode: 'STRICT' } } },
      },
    ],
    level: 'warning',
    sentence:
      /^legacy-batch called without encryption and cannot get in any more/,
  },
  {
    name: 'Flagger sent a version back',
    service: 'orion/notification-service',
    deeds: [
      {
        patch: 'Canary orion/notification-service',
        with: { status: { phase: 'Failed' } },
      },
    ],
    level: 'warning',
    sentence: /^Flagger rolled the new version back/,
  },
  {
    name: 'Prometheus is away, and nothing is wrong in the objects',
    service: 'orion/gateway-service',
    away: ['prometheus'],
    level: 'unknown',
    sentence:
      /^Nothing wrong in the configuration; how it runs is not known: Prometheus does not answer\.$/,
  },
  {
    name: 'Prometheus is away, and a version has no pods',
    service: 'autolytiq/inventory-service',
    away: ['prometheus'],
    level: 'error',
    sentence: /^Every request with x-canary: true fails with 503/,
  },
  {
    name: 'tokens are asked for that nobody sends',
    service: 'orion/billing',
    deeds: [
      {
        create: policy('orion', 'tokens', {
          action: 'DENY',
          selector: { matchLabels: { app: 'billing' } },
          rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }],
        }),
      },
    ],
    passes: true,
    level: 'warning',
    sentence: /^Every call from .* is refused with 403/,
  },
  {
    name: 'nobody may call anybody in a namespace',
    service: 'orion-staging/gateway-service',
    deeds: [{ create: policy('orion-staging', 'deny-all', {}) }],
    passes: true,
    level: 'warning',
    sentence: /^Every call from .*istio-ingressgateway.* is refused with 403/,
  },
  {
    name: 'Argo Rollouts gave up',
    service: 'autolytiq/customer-service',
    deeds: [
      {
        patch: 'Rollout autolytiq/customer-service',
        with: { status: { abort: true, phase: 'Degraded' } },
      },
    ],
    level: 'warning',
    // Who is refused is worse off.
    sentence: /^Every call from email-service is refused with 403/,
    also: /^Argo Rollouts (aborted the rollout|calls the rollout degraded)/m,
  },
  {
    name: 'all pods of a service that is seldom called are gone',
    service: 'data-platform/ingest-service',
    deeds: [scaledToNothing('data-platform/ingest-service')],
    level: 'error',
    sentence: /503/,
  },
  {
    name: 'the only pods of an ambient service are gone',
    service: 'zoptal-production/project-service',
    deeds: [scaledToNothing('zoptal-production/project-service')],
    level: 'error',
    sentence: /503/,
  },
  {
    name: 'only traces are away',
    service: 'orion/gateway-service',
    away: ['jaeger'],
    level: 'ok',
    sentence: WELL,
  },
  {
    name: 'only Kiali is away',
    service: 'orion/gateway-service',
    away: ['kiali'],
    level: 'ok',
    sentence: WELL,
  },
];
