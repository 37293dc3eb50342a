import { serviceHost } from '../hosts/hosts';
import { isHeadless } from '../kube/headless';
import { describeRef, type KubeObjectRef } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import {
  destinationRulesFor,
  type HostPolicy,
  trafficPolicyFor,
} from '../routes/destinationRules';
import { unproxiedBecause } from '../workloads/inboundCapture';
import type { Workload } from '../workloads/Workload';
import { targetPortOf, workloadsOf } from '../workloads/workloads';
import { demandedMtls, effectiveMtls } from './effectiveMtls';
import type { ClientTls, ConnectionVerdict, EffectiveMtls } from './types';

/** Where a connection goes: a workload behind a Service, by the Service's port. @public */
export interface ConnectionTarget {
  workload: Workload;
  service: { namespace: string; name: string };
  port: number;
  subset?: string;
  /** By a gateway, which chooses among the pods of a headless Service. */
  isByGateway?: boolean;
}

/**
 * What the caller's proxy sends: the DestinationRule's `tls` where it has one, else automatic mTLS. In ambient mode ztunnel, which
 * reads no DestinationRules, tunnels (HBONE); so do sidecars to workloads in ambient mode.
 * Sources: istio pilot/pkg/networking/core/cluster_tls.go, buildUpstreamTLSSettings; architecture/ambient/ztunnel.md.
 * @public
 */
export function clientTls(
  set: MeshObjects,
  caller: Workload | undefined,
  target: ConnectionTarget,
): ClientTls {
  if (!caller || caller.dataPlane === 'none') {
    return { mode: 'NONE', why: 'the caller has no proxy' };
  }
  const { namespace, name } = target.service;
  if (caller.dataPlane === 'ambient') {
    return target.workload.dataPlane === 'none'
      ? { mode: 'NONE', why: 'the other side does not take mTLS' }
      : {
          mode: 'HBONE',
          why: 'the caller’s ztunnel tunnels to the other side',
        };
  }
  const rules = destinationRulesFor(
    set,
    serviceHost(namespace, name, set.meshConfig.domain),
    {
      clientNamespace: caller.namespace,
      clientLabels: caller.labels,
      serviceNamespace: namespace,
    },
  );
  const { policy, sources } = trafficPolicyFor(rules, target);
  const mode: unknown = isMap(policy.tls)
    ? policy.tls.mode ?? 'DISABLE'
    : undefined;
  if (
    mode === 'ISTIO_MUTUAL' ||
    mode === 'MUTUAL' ||
    mode === 'SIMPLE' ||
    mode === 'DISABLE'
  ) {
    const decidedBy = sources.tls.object;
    return {
      mode: mode === 'DISABLE' ? 'NONE' : mode,
      decidedBy,
      why: `${describeRef(decidedBy)} sets TLS mode ${mode}`,
    };
  }
  return automaticTls(set, target, endpointTls(rules, target));
}

/**
 * How a sidecar calls where no DestinationRule says it to the cluster. mTLS disabled for the namespace leaves the cluster without
 * certificates, whatever a workload of it demands; else each endpoint is marked. Sources: istio pilot/pkg/model/push_context.go,
 * BestEffortInferServiceMTLSMode; pilot/pkg/xds/endpoints/mtls_checker.go, checkMtlsEnabled.
 */
export function automaticTls(
  set: MeshObjects,
  target: ConnectionTarget,
  said: SaidOfEndpoints | undefined,
): ClientTls {
  if (!set.meshConfig.enableAutoMtls) {
    return { mode: 'NONE', why: 'automatic mTLS is off in this mesh' };
  }
  if (target.workload.dataPlane === 'ambient') {
    return {
      mode: 'HBONE',
      why: 'the caller’s sidecar tunnels to the other side’s ztunnel',
    };
  }
  const { namespace, name } = target.service;
  const general = demandedMtls(set, { namespace, labels: {} }, target.port);
  if (general.mode === 'DISABLE') {
    return {
      mode: 'NONE',
      why: `mTLS is disabled for namespace ${namespace}${by(general)}`,
    };
  }
  const service = set.get('Service', namespace, name);
  if (isHeadless(service)) {
    const alike = headlessTls(set, target);
    if (alike.mode === 'NONE' || !target.isByGateway) {
      return alike;
    }
  }
  if (said) {
    const { mode, decidedBy } = said;
    return {
      mode: mode === 'ISTIO_MUTUAL' ? mode : 'NONE',
      decidedBy,
      why: `${describeRef(decidedBy)} sets TLS mode ${mode}, but not for port ${
        target.port
      }, which its endpoints are marked with all the same`,
    };
  }
  const port = targetPortOf(service, target.port, target.workload);
  if (
    target.workload.dataPlane === 'none' ||
    demandedMtls(set, target.workload, port).mode === 'DISABLE'
  ) {
    return { mode: 'NONE', why: 'the other side does not take mTLS' };
  }
  return { mode: 'ISTIO_MUTUAL', why: 'both sides have a proxy' };
}

/**
 * The pods of a headless Service are called alike: with mTLS where all of them have a proxy, whatever a policy says of one of them.
 * Source: istio pilot/pkg/model/push_context.go, BestEffortInferServiceMTLSMode.
 */
function headlessTls(
  set: MeshObjects,
  { service: { namespace, name } }: ConnectionTarget,
): ClientTls {
  const bare = workloadsOf(set, namespace, name).find(
    ({ dataPlane, readyPods }) => dataPlane === 'none' && readyPods > 0,
  );
  return bare
    ? {
        mode: 'NONE',
        why: `${name} is headless, and ${bare.name} behind it has no proxy`,
      }
    : {
        mode: 'ISTIO_MUTUAL',
        why: `${name} is headless, and all pods behind it have a proxy`,
      };
}

/**
 * How a connection from a caller (none: outside the mesh) to a workload ends.
 * @param sentAs - what the caller's proxy takes it for, where that is another
 * @public
 */
export function connection(
  set: MeshObjects,
  caller: Workload | undefined,
  target: ConnectionTarget,
  sentAs?: Omit<ConnectionTarget, 'workload'>,
): ConnectionVerdict {
  const port = targetPortOf(
    set.get('Service', target.service.namespace, target.service.name),
    target.port,
    target.workload,
  );
  const server = effectiveMtls(set, target.workload, port);
  const client = clientTls(set, caller, {
    ...target,
    ...sentAs,
  });
  const encrypts = ['ISTIO_MUTUAL', 'MUTUAL', 'HBONE'].includes(client.mode);
  const bare = unproxiedBecause(target.workload, port);
  if (bare) {
    return encrypts || client.mode === 'SIMPLE'
      ? {
          outcome: 'refused',
          why: `${client.why}, but ${bare}${
            target.workload.dataPlane === 'none' ? ' to answer it' : ''
          }`,
          server,
          client,
        }
      : { outcome: 'plaintext', why: bare, server, client };
  }
  const stranger =
    sentAs &&
    client.mode === 'ISTIO_MUTUAL' &&
    strangerTo(set, sentAs.service, target);
  if (stranger) {
    return { outcome: 'refused', why: stranger, server, client };
  }
  if (client.mode === 'SIMPLE' && target.workload.dataPlane === 'sidecar') {
    return {
      outcome: 'refused',
      why: `${client.why}, but the proxy of ${target.workload.name} asks for a client certificate`,
      server,
      client,
    };
  }
  if (encrypts) {
    // A tunnel ends before the port, so what the port takes does not matter to it.
    return server.mode === 'DISABLE' && client.mode !== 'HBONE'
      ? {
          outcome: 'refused',
          why: `${client.why}, but mTLS is disabled on the port`,
          server,
          client,
        }
      : { outcome: 'mtls', why: client.why, server, client };
  }
  if (server.mode === 'STRICT') {
    return {
      outcome: 'refused',
      why: `${client.why}, and the port is STRICT${by(server)}`,
      server,
      client,
    };
  }
  return { outcome: 'plaintext', why: client.why, server, client };
}

function by({ decidedBy }: EffectiveMtls): string {
  return decidedBy ? ` (${describeRef(decidedBy)})` : '';
}

/** What a DestinationRule says of endpoints, where it says nothing of the cluster that they are in. */
export interface SaidOfEndpoints {
  mode: string;
  decidedBy: KubeObjectRef;
  /** Of its `tls`. */
  path: string;
}

/**
 * Endpoints keep a rule's own `tls` on ports whose settings replace the rest of its policy and have none.
 * Source: istio pilot/pkg/xds/endpoints/mtls_checker.go, tlsModeForDestinationRule.
 */
export function endpointTls(
  { subsets, trafficPolicy, trafficPolicySource }: HostPolicy,
  { subset, port }: ConnectionTarget,
): SaidOfEndpoints | undefined {
  const own = subsets.find(({ name }) => name === subset);
  const layers = [
    {
      body: own?.trafficPolicy,
      object: own?.source.object,
      path: `${own?.source.path}.trafficPolicy`,
    },
    {
      body: trafficPolicy,
      object: trafficPolicySource?.object,
      path: 'spec.trafficPolicy',
    },
  ];
  for (const { body, object, path } of layers) {
    const position = itemsOf(body?.portLevelSettings).findIndex(
      settings => settings?.port?.number === port && isMap(settings.tls),
    );
    const onPort = body?.portLevelSettings?.[position];
    const tls: unknown = (onPort ?? body)?.tls;
    if (object && isMap(tls)) {
      return {
        mode: String(tls.mode ?? 'DISABLE'),
        decidedBy: object,
        path: onPort
          ? `${path}.portLevelSettings[${position}].tls`
          : `${path}.tls`,
      };
    }
  }
  return undefined;
}

/**
 * Why a caller does not believe who answers: the certificate has to be one of the Service's own accounts.
 * Source: istio pilot/pkg/networking/core/cluster_tls.go, buildUpstreamTLSSettings.
 */
function strangerTo(
  set: MeshObjects,
  { namespace, name }: ConnectionTarget['service'],
  { workload }: ConnectionTarget,
): string | undefined {
  const known = workloadsOf(set, namespace, name).map(
    ({ principal }) => principal,
  );
  return known.length === 0 || known.includes(workload.principal)
    ? undefined
    : `the caller expects an account of ${namespace}/${name}, and ${workload.name} answers`;
}
