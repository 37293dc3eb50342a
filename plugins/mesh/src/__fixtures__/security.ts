import type {
  CertificatesView,
  Placement,
  SecurityView,
} from '@meshdeck/plugin-mesh-common';
import { authorizationPolicy, peerAuthentication } from './objects';
import { NOON, production, wellSources, base } from './placements';

function ports(): SecurityView['ports'] {
  return [
    {
      workload: 'auth-service',
      port: 8080,
      portName: 'http',
      mode: 'STRICT',
      chain: [
        { level: 'mesh', mode: 'PERMISSIVE', decides: false },
        {
          level: 'namespace',
          object: peerAuthentication,
          mode: 'STRICT',
          decides: true,
        },
        { level: 'workload', mode: 'UNSET', decides: false },
        { level: 'port', mode: 'UNSET', decides: false },
      ],
    },
  ];
}

function callers(): SecurityView['callers'] {
  return [
    {
      name: 'gateway-service',
      namespace: 'orion',
      principal: 'cluster.local/ns/orion/sa/gateway-service',
      entityRef: 'component:default/gateway-service',
      owner: 'group:default/team-edge',
      requestsPerSecond: 84,
      encrypted: 'yes',
      allowed: 'partly',
      allowedOperations: ['POST /api/auth/login'],
      why: 'auth-service-policy, rule 1',
    },
    {
      name: 'legacy-batch',
      namespace: 'batch',
      owner: 'group:default/team-batch',
      requestsPerSecond: 0.2,
      encrypted: 'no',
      allowed: 'no',
      allowedOperations: [],
      why: 'It has no identity: it calls without mTLS.',
      deniedShare: 1,
    },
    {
      name: 'billing',
      namespace: 'orion',
      requestsPerSecond: 0,
      encrypted: 'unknown',
      allowed: 'no',
      allowedOperations: [],
      why: 'No rule names it.',
    },
  ];
}

function ifStrict(): SecurityView['ifStrict'] {
  return {
    isStrict: false,
    isWatched: true,
    breaks: [
      {
        name: 'legacy-batch',
        namespace: 'batch',
        kind: 'caller',
        why: 'it has no proxy, so it cannot encrypt',
        requestsPerSecond: 0.2,
        owner: 'group:default/team-batch',
      },
    ],
  };
}

function tokens(): SecurityView['tokens'] {
  return {
    required: 'partly',
    sentence:
      'A wrong token is refused; some requests need one, others get in without.',
    issuers: [
      {
        object: authorizationPolicy,
        issuer: 'https://login.example.com',
        audiences: ['orion'],
        readFrom: ['header Authorization after Bearer'],
      },
    ],
  };
}

export function securityView(
  now: number = NOON,
  placement: Placement = production,
): SecurityView {
  return {
    ...base(now, placement),
    also: [],
    verdict: {
      level: 'error',
      sentence:
        'legacy-batch calls without encryption and will be refused: port 8080 is STRICT.',
    },
    mtlsShare: 0.998,
    ports: ports(),
    callers: callers(),
    policies: [peerAuthentication, authorizationPolicy],
    ifStrict: ifStrict(),
    tokens: tokens(),
  };
}

export function certificatesView(now: number = NOON): CertificatesView {
  return {
    certificates: [
      {
        of: 'proxies of auth-service',
        endsAt: new Date(now + 75_600_000).toISOString(),
        daysLeft: 0,
        from: 'metrics',
        message: 'They renew themselves.',
      },
      {
        of: 'gateway orion/orion-gateway',
        issuer: 'CN=Example CA',
        hosts: ['auth.orion.example.com'],
        endsAt: new Date(now + 62 * 86_400_000).toISOString(),
        daysLeft: 62,
        from: 'secret',
      },
    ],
    sources: wellSources(now),
  };
}
