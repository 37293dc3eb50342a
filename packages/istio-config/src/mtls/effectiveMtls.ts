import { oldestFirst } from '../kube/age';
import { KubeObject, refOf } from '../kube/KubeObject';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import {
  isProxied,
  ProxiedWorkload,
  unproxiedBecause,
} from '../workloads/inboundCapture';
import type { Workload } from '../workloads/Workload';
import { mtlsOfZtunnel } from './mtlsOfZtunnel';
import type { EffectiveMtls, MtlsChainLink, MtlsMode } from './types';

/**
 * What a workload's port takes of its callers: what the policies demand, where a proxy enforces them. Where none stands before the port,
 * plaintext gets in whatever they say: `DISABLE`, or `PERMISSIVE` where that is so of some pods, and no policy decides. `port` is the workload's own.
 * @public
 */
export function effectiveMtls(
  set: MeshObjects,
  workload: PolicedWorkload,
  port: number,
): EffectiveMtls {
  const demanded = demandedMtls(set, workload, port);
  const why = unproxiedBecause(workload, port);
  if (why !== undefined) {
    return undecided(
      'DISABLE',
      demanded,
      `${why}: plaintext gets in whatever the policies say`,
    );
  }
  const { pods = [], dataPlane } = workload;
  const bare = pods.filter(pod => !isProxied(pod)).length;
  return bare > 0 && dataPlane === 'sidecar' && demanded.mode === 'STRICT'
    ? undecided(
        'PERMISSIVE',
        demanded,
        `${bare} of ${pods.length} pods ${
          bare === 1 ? 'has' : 'have'
        } no proxy: plaintext gets in there whatever the policies say`,
      )
    : demanded;
}

/** Policies demand one thing, and what stands before the port does another. */
function undecided(
  mode: MtlsMode,
  { chain }: EffectiveMtls,
  note: string,
): EffectiveMtls {
  return {
    mode,
    chain: chain.map(each => ({ ...each, decides: false })),
    note,
  };
}

type PolicedWorkload = Pick<Workload, 'namespace' | 'labels'> & ProxiedWorkload;

/**
 * What the policies demand on a workload's port: mesh, namespace, workload, port, the last that says something decides; nothing said
 * means PERMISSIVE. In ambient mode ztunnel enforces STRICT and nothing else. Callers' proxies go by this, too. Source: istio
 * pilot/pkg/security/authn/policy_applier.go, ComposePeerAuthentication.
 */
export function demandedMtls(
  set: MeshObjects,
  workload: PolicedWorkload,
  port: number,
): EffectiveMtls {
  const { rootNamespace } = set.meshConfig;
  const policies = (
    namespace: string,
    wanted: (policy: KubeObject) => boolean,
  ) =>
    oldestFirst(
      set.inNamespace('PeerAuthentication', namespace).filter(wanted),
    );
  const mesh = policies(rootNamespace, policy => !hasSelector(policy));
  const inRoot = workload.namespace === rootNamespace;
  const namespace = inRoot
    ? []
    : policies(workload.namespace, policy => !hasSelector(policy));
  // A selector in the root namespace is nobody's workload policy.
  const own = inRoot
    ? []
    : policies(
        workload.namespace,
        policy =>
          hasSelector(policy) &&
          selects(policy.spec.selector.matchLabels, workload.labels),
      );
  const links: MtlsChainLink[] = [
    link('mesh', mesh, policy => policy.spec?.mtls?.mode),
    link('namespace', namespace, policy => policy.spec?.mtls?.mode),
    link('workload', own, policy => policy.spec?.mtls?.mode),
    link(
      'port',
      own.slice(0, 1).filter(policy => policy.spec?.portLevelMtls?.[port]),
      policy => policy.spec.portLevelMtls[port]?.mode,
    ),
  ];
  const decided = links.findLast(candidate => candidate.mode !== 'UNSET');
  const answer: EffectiveMtls = {
    mode: decided ? (decided.mode as MtlsMode) : 'PERMISSIVE',
    decidedBy: decided?.policy,
    chain: links.map(candidate => ({
      ...candidate,
      decides: candidate === decided,
    })),
  };
  return workload.dataPlane === 'ambient'
    ? mtlsOfZtunnel(answer, own[0])
    : answer;
}

function hasSelector(policy: KubeObject): boolean {
  return Object.keys(policy.spec?.selector?.matchLabels ?? {}).length > 0;
}

function link(
  level: MtlsChainLink['level'],
  candidates: readonly KubeObject[],
  modeOf: (policy: KubeObject) => unknown,
): MtlsChainLink {
  const [winner, ...losers] = candidates;
  const mode = winner && modeOf(winner);
  return {
    level,
    policy: winner && refOf(winner),
    mode:
      mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE'
        ? mode
        : 'UNSET',
    decides: false,
    losers: losers.map(refOf),
  };
}
