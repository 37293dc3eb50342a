import type { Placement, TopologyView } from '@meshdeck/plugin-mesh-common';
import { NOON, production, base } from './placements';

const AUTH = 'service:orion/auth-service';

function service(name: string, owner: string) {
  return {
    id: `service:orion/${name}`,
    kind: 'service' as const,
    name,
    namespace: 'orion',
    isSubject: false,
    dataPlane: 'sidecar' as const,
    versions: [{ version: 'v1.0.0', pods: 2, readyPods: 2 }],
    entityRef: `component:default/${name}`,
    owner: `group:default/${owner}`,
  };
}

function nodes(): TopologyView['nodes'] {
  return [
    {
      ...service('auth-service', 'team-identity'),
      isSubject: true,
      versions: [
        {
          version: 'v1.8.2',
          pods: 3,
          readyPods: 3,
          requestsPerSecond: 108,
          errorShare: 0.003,
        },
        {
          version: 'v2.0.0-canary',
          pods: 1,
          readyPods: 1,
          requestsPerSecond: 12,
          errorShare: 0.021,
        },
      ],
    },
    service('gateway-service', 'team-edge'),
    service('user-service', 'team-users'),
    {
      id: 'workload:batch/legacy-batch',
      kind: 'workload',
      name: 'legacy-batch',
      namespace: 'batch',
      isSubject: false,
      dataPlane: 'none',
      versions: [{ version: 'latest', pods: 1, readyPods: 0 }],
    },
    {
      id: 'unknown',
      kind: 'unknown',
      name: 'unknown callers',
      isSubject: false,
      versions: [],
    },
  ];
}

function edges(): TopologyView['edges'] {
  const http = { protocol: 'http' as const, mtls: 'yes' as const };
  return [
    {
      ...http,
      from: 'service:orion/gateway-service',
      to: AUTH,
      requestsPerSecond: 119,
      errorShare: 0.004,
      p99Ms: 84,
    },
    {
      ...http,
      from: AUTH,
      to: 'service:orion/user-service',
      requestsPerSecond: 96,
      errorShare: 0.023,
      p99Ms: 31,
    },
    {
      ...http,
      from: 'workload:batch/legacy-batch',
      to: AUTH,
      requestsPerSecond: 0.2,
      errorShare: 0,
      p99Ms: 120,
      mtls: 'no',
    },
    {
      from: 'unknown',
      to: AUTH,
      protocol: 'tcp',
      connectionsPerSecond: 0.5,
      bytesPerSecond: 12_400,
      mtls: 'unknown',
    },
  ];
}

export function topologyView(
  now: number = NOON,
  placement: Placement = production,
): TopologyView {
  return {
    ...base(now, placement),
    also: [],
    verdict: {
      level: 'warning',
      sentence: 'legacy-batch calls auth-service without encryption.',
      tab: 'security',
    },
    scope: 'service',
    nodes: nodes(),
    edges: edges(),
  };
}
