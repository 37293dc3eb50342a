import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import { oldestFirst } from '../kube/age';
import { fieldsOf, itemsOf, ownField } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import type { MtlsMode } from '../mtls/types';
import { targetPortOf, workloadsIn, workloadsOf } from '../workloads/workloads';
import type { Workload } from '../workloads/Workload';
import type { ChangePlan, ObjectEdit } from './ChangePlan';
import { withoutContraryTls } from './contraryTls';
import { EditRefused } from './EditRefused';
import type { ServiceName } from './editRule';
import { setFields } from './setFields';

/** @public */
export interface PeerModeAnswers {
  /** Whom it is for: all of the namespace, the pods of the service, or one port of theirs. */
  scope: 'namespace' | 'workload' | 'port';
  /** The Service's port, where the scope is one. */
  port?: number;
  /** `UNSET`: what the wider policy says. */
  mode: MtlsMode | 'UNSET';
}

const MODES = {
  STRICT: 'only mTLS is let in',
  PERMISSIVE: 'mTLS and plaintext are let in',
  DISABLE: 'only plaintext is let in',
  UNSET: 'the wider policy decides',
} as const;

/**
 * Sets whether plaintext is let in.
 *
 * @throws EditRefused where the policy in force is also for others, or there is nobody that it could be for.
 * @public
 */
export function planPeerMode(
  set: MeshObjects,
  service: ServiceName,
  { scope, port, mode }: PeerModeAnswers,
): ChangePlan {
  if (!Object.hasOwn(MODES, mode)) {
    throw new EditRefused(`"${mode}" is no mode of mTLS.`);
  }
  if (scope === 'namespace') {
    return {
      edits: [ofNamespace(set, service.namespace, mode)],
      sentence: `In all of ${service.namespace}, ${MODES[mode]}.`,
    };
  }
  const target = scope === 'port' ? portOf(set, service, port) : undefined;
  const to = target === undefined ? '' : `port ${target} of `;
  const { edits, remark } =
    target === undefined
      ? withoutContraryTls(set, service, mode)
      : { edits: [], remark: '' };
  return {
    // Callers first: between the two, pods that take mTLS only would refuse them.
    edits: [...edits, ofWorkload(set, service, target, mode)],
    sentence: `At ${to}the pods of ${service.service}, ${MODES[mode]}.${remark}`,
  };
}

function ofNamespace(
  set: MeshObjects,
  namespace: string,
  mode: string,
): ObjectEdit {
  const [policy] = oldestFirst(
    set
      .inNamespace('PeerAuthentication', namespace)
      .filter(({ spec }) => labelsOf(spec) === undefined),
  );
  if (!policy) {
    requireSaid(mode);
  }
  return policy
    ? setFields(policy, [modeEdit(['spec', 'mtls'], mode)])
    : created(set, { namespace, name: 'default' }, { mtls: { mode } });
}

function ofWorkload(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  port: number | undefined,
  mode: string,
): ObjectEdit {
  const workloads = workloadsOf(set, namespace, service);
  const [first] = workloads;
  if (!first) {
    throw new EditRefused(
      `${service} has no pods, so there is nothing that a policy could be for.`,
    );
  }
  const policies = oldestFirst(
    set.inNamespace('PeerAuthentication', namespace).filter(({ spec }) => {
      const labels = labelsOf(spec);
      return labels && workloads.some(one => selects(labels, one.labels));
    }),
  );
  const [policy] = policies;
  const at =
    port === undefined
      ? ['spec', 'mtls']
      : ['spec', 'portLevelMtls', String(port)];
  if (!policy) {
    requireSaid(mode);
    const selector = {
      matchLabels: { ...set.get('Service', namespace, service)?.spec.selector },
    };
    const spec =
      port === undefined
        ? { selector, mtls: { mode } }
        : { selector, portLevelMtls: { [port]: { mode } } };
    return created(set, { namespace, name: service }, spec);
  }
  requireOwnPolicy(set, policy, workloads);
  return setFields(policy, [modeEdit(at, mode)]);
}

/** Nothing is made only to say nothing. */
function requireSaid(mode: string): void {
  if (mode === 'UNSET') {
    throw new EditRefused(
      'There is no policy of that scope: the wider policy decides already.',
    );
  }
}

function modeEdit(at: string[], mode: string) {
  return mode === 'UNSET'
    ? { at, value: undefined }
    : { at: [...at, 'mode'], value: mode };
}

/** The policy is for all of these workloads and for no other. */
function requireOwnPolicy(
  set: MeshObjects,
  policy: KubeObject,
  workloads: readonly Workload[],
): void {
  const { namespace = '' } = policy.metadata;
  const labels = labelsOf(policy.spec) ?? {};
  const meant = workloadsIn(set, namespace).filter(one =>
    selects(labels, one.labels),
  );
  const others = meant.filter(
    ({ name }) => !workloads.some(own => own.name === name),
  );
  const missed = workloads.filter(
    ({ name }) => !meant.some(own => own.name === name),
  );
  const name = describeRef(refOf(policy));
  if (others.length > 0) {
    throw new EditRefused(
      `${name} is also for ${others
        .map(one => one.name)
        .join(', ')}. Change it together with who owns them.`,
    );
  }
  if (missed.length > 0) {
    throw new EditRefused(
      `${name} is for some of the pods only, and not for ${missed
        .map(one => one.name)
        .join(', ')}. Edit its YAML.`,
    );
  }
}

function created(
  set: MeshObjects,
  { namespace, name }: { namespace: string; name: string },
  spec: object,
): ObjectEdit {
  if (set.get('PeerAuthentication', namespace, name)) {
    throw new EditRefused(
      `PeerAuthentication ${namespace}/${name} is there and is for other pods: rename it, or edit its YAML.`,
    );
  }
  return {
    action: 'create',
    object: {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { namespace, name },
      spec,
    },
  };
}

/** The port of the pods: policies know no other. */
function portOf(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  port: number | undefined,
): number {
  const object = set.get('Service', namespace, service);
  const listed = itemsOf(object?.spec?.ports).some(each => each?.port === port);
  const [workload] = workloadsOf(set, namespace, service);
  if (port === undefined || !listed || !workload) {
    throw new EditRefused(
      `${service} has no port ${port} that leads to a port of its pods.`,
    );
  }
  return targetPortOf(object, port, workload);
}

function labelsOf(spec: unknown): Record<string, string> | undefined {
  const labels = ownField(ownField(spec, 'selector'), 'matchLabels');
  return fieldsOf(labels).length > 0 ? labels : undefined;
}
