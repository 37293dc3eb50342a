import {
  describeRef,
  KubeObject,
  KubeObjectRef,
  refOf,
} from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { unproxiedBecause } from '../workloads/inboundCapture';
import { waypointBefore } from './enforcement';
import { actionOf, policiesFor, rulesOf, waypointPolicies } from './policies';
import { provisosFor } from './provisos';
import { SeenRequest, seenIn } from './seenRequest';
import type { AccessRequest, PolicyTarget } from './types';
import { ruleOnZtunnel } from './ztunnelRules';

/** What one identity may do with a workload. @public */
export interface CallerAccess {
  allowed: 'yes' | 'no' | 'partly';
  /** In words: "POST /api/auth/login"; empty where everything is allowed or nothing. */
  operations: string[];
  why: string;
  decidedBy: KubeObjectRef[];
}

/**
 * What a caller may do, from the policies alone, without a concrete request: those on its waypoint, where one handles the service,
 * then those of the workload, which sees the waypoint as the caller.
 * @public
 */
export function callerAccess(
  set: MeshObjects,
  workload: PolicyTarget,
  caller: {
    principal?: string;
    port: number;
    service?: AccessRequest['service'];
  },
): CallerAccess {
  const bare = unproxiedBecause(workload, caller.port);
  if (bare) {
    return {
      allowed: 'yes',
      operations: [],
      why: `${bare}, so nothing checks who calls`,
      decidedBy: [],
    };
  }
  const seen = seenIn(set.meshConfig, caller);
  const { waypoint, principal } = waypointBefore(set, workload, caller.service);
  const isAmbient = workload.dataPlane === 'ambient';
  const own = (asked: SeenRequest) =>
    accessUnder(policiesFor(set, workload), asked, isAmbient);
  if (!waypoint) {
    return own(seen);
  }
  const before = accessUnder(
    waypointPolicies(set, waypoint, caller.service),
    seen,
    false,
  );
  const after = own({ ...seen, principal });
  return before.allowed === 'no' ? before : through(waypoint, before, after);
}

/** What is left of an answer of the waypoint behind it. */
function through(
  waypoint: KubeObjectRef,
  before: CallerAccess,
  after: CallerAccess,
): CallerAccess {
  if (after.allowed === 'yes') {
    return before;
  }
  const why = `${after.why}: behind the waypoint ${describeRef(
    waypoint,
  )} the caller is the waypoint`;
  return after.allowed === 'no'
    ? { ...after, why }
    : {
        allowed: 'partly',
        operations: [...new Set([...before.operations, ...after.operations])],
        why: `${before.why}; ${why}`,
        decidedBy: [...before.decidedBy, ...after.decidedBy],
      };
}

interface FittingRule {
  policy: KubeObjectRef;
  rule: any;
  /** From 0. */
  index: number;
  /** What else must hold of the caller, which only a request shows: " with a valid token". */
  provisos: string;
}

/** What one enforcer's policies let a caller do. */
function accessUnder(
  policies: readonly KubeObject[],
  caller: SeenRequest,
  isZtunnel: boolean,
): CallerAccess {
  const denied = fitting(policies, 'DENY', caller, isZtunnel);
  const total = denied.find(isUnconditional);
  if (total) {
    return {
      allowed: 'no',
      operations: [],
      why: `${describeRef(total.policy)} denies it by rule ${total.index + 1}`,
      decidedBy: [total.policy],
    };
  }
  const allows = policies.filter(policy => actionOf(policy) === 'ALLOW');
  const except = denied.flatMap(operationsOf).map(each => `not ${each}`);
  if (allows.length === 0) {
    return {
      allowed: except.length ? 'partly' : 'yes',
      operations: except,
      why: except.length
        ? `denied by ${denied.map(({ policy }) => policy.name).join(', ')}`
        : 'no policy restricts who may call',
      decidedBy: denied.map(({ policy }) => policy),
    };
  }
  const allowed = fitting(policies, 'ALLOW', caller, isZtunnel);
  if (allowed.length === 0) {
    return {
      allowed: 'no',
      operations: [],
      why: `no rule of ${allows
        .map(policy => policy.metadata.name)
        .join(', ')} names it`,
      decidedBy: allows.map(refOf),
    };
  }
  const operations = [
    ...(allowed.some(isUnconditional) ? [] : allowed.flatMap(operationsOf)),
    ...except,
  ];
  return {
    allowed: operations.length ? 'partly' : 'yes',
    operations: [...new Set(operations)],
    why: allowed
      .map(({ policy, index }) => `${policy.name}, rule ${index + 1}`)
      .join('; '),
    decidedBy: allowed.map(({ policy }) => policy),
  };
}

/** The rules of an action that a caller can fulfil. */
function fitting(
  policies: readonly KubeObject[],
  action: 'ALLOW' | 'DENY',
  caller: SeenRequest,
  isZtunnel: boolean,
): FittingRule[] {
  return policies
    .filter(policy => actionOf(policy) === action)
    .flatMap(policy =>
      rulesOf(policy).flatMap((written, index) => {
        const rule = isZtunnel ? ruleOnZtunnel(written, action) : written;
        const provisos =
          rule &&
          provisosFor(rule, {
            ...caller,
            policyNamespace: policy.metadata.namespace,
          });
        return provisos === undefined
          ? []
          : [{ policy: refOf(policy), rule, index, provisos }];
      }),
    );
}

function isUnconditional({ rule, provisos }: FittingRule): boolean {
  return !rule?.to?.length && !rule?.when?.length && provisos === '';
}

function operationsOf({ rule, provisos }: FittingRule): string[] {
  const conditions = `${provisos}${
    rule?.when?.length
      ? ` if ${itemsOf(rule.when)
          .map(when => when?.key)
          .join(' and ')} fits`
      : ''
  }`;
  const items = itemsOf(rule?.to);
  if (items.length === 0) {
    return [`everything${conditions}`];
  }
  return items.map(item => {
    const operation = item?.operation ?? {};
    const words = [
      operation.methods?.join('/'),
      operation.paths?.join(' or '),
      operation.hosts && `host ${operation.hosts.join(' or ')}`,
      operation.ports && `port ${operation.ports.join(' or ')}`,
      operation.notPaths && `except ${operation.notPaths.join(' or ')}`,
      operation.notMethods && `except ${operation.notMethods.join('/')}`,
    ].filter(Boolean);
    return `${words.join(' ') || 'everything'}${conditions}`;
  });
}

/** The identities that the ALLOW policies of a workload name outright. @public */
export function namedPrincipals(
  set: MeshObjects,
  workload: PolicyTarget,
  service?: AccessRequest['service'],
): string[] {
  const { waypoint } = waypointBefore(set, workload, service);
  const named = [
    ...policiesFor(set, workload),
    ...(waypoint ? waypointPolicies(set, waypoint, service) : []),
  ]
    .filter(policy => actionOf(policy) === 'ALLOW')
    .flatMap(rulesOf)
    .flatMap(rule => itemsOf(rule?.from))
    .flatMap(item => item?.source?.principals ?? [])
    .map((principal: unknown) => String(principal).replace(/^spiffe:\/\//, ''))
    .filter(principal => !principal.includes('*'));
  return [...new Set(named)];
}
