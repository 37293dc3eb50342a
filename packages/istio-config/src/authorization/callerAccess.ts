import { describeRef, KubeObjectRef, refOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import type { Workload } from '../workloads/Workload';
import { actionOf, policiesFor, rulesOf } from './policies';
import { fromMatches } from './ruleMatching';
import type { PolicyTarget } from './types';
import { ruleOnZtunnel } from './ztunnelRules';

/** What one identity may do with a workload. @public */
export interface CallerAccess {
  allowed: 'yes' | 'no' | 'partly';
  /** In words: "POST /api/auth/login"; empty where everything is allowed or nothing. */
  operations: string[];
  why: string;
  decidedBy: KubeObjectRef[];
}

/** What a caller may do, from the policies alone, without a concrete request. @public */
export function callerAccess(
  set: MeshObjects,
  workload: PolicyTarget,
  caller: { principal?: string; port: number },
): CallerAccess {
  const policies = policiesFor(set, workload);
  const isAmbient = workload.dataPlane === 'ambient';
  const fitting = (action: 'ALLOW' | 'DENY') =>
    policies
      .filter(policy => actionOf(policy) === action)
      .flatMap(policy =>
        rulesOf(policy)
          .map((rule, index) => ({
            policy: refOf(policy),
            rule: isAmbient ? ruleOnZtunnel(rule, action) : rule,
            index,
          }))
          .filter(
            ({ rule }) => rule !== undefined && fromMatches(rule, caller),
          ),
      );
  const denied = fitting('DENY');
  const total = denied.find(
    ({ rule }) => !rule?.to?.length && !rule?.when?.length,
  );
  if (total) {
    return {
      allowed: 'no',
      operations: [],
      why: `${describeRef(total.policy)} denies it by rule ${total.index + 1}`,
      decidedBy: [total.policy],
    };
  }
  const allows = policies.filter(policy => actionOf(policy) === 'ALLOW');
  const except = denied.flatMap(({ rule }) => operationsOf(rule));
  if (allows.length === 0) {
    return {
      allowed: except.length ? 'partly' : 'yes',
      operations: except.map(operation => `not ${operation}`),
      why: except.length
        ? `denied by ${denied.map(({ policy }) => policy.name).join(', ')}`
        : 'no policy restricts who may call',
      decidedBy: denied.map(({ policy }) => policy),
    };
  }
  const allowed = fitting('ALLOW');
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
  const unrestricted = allowed.some(
    ({ rule }) => !rule?.to?.length && !rule?.when?.length,
  );
  const operations = [
    ...(unrestricted ? [] : allowed.flatMap(({ rule }) => operationsOf(rule))),
    ...except.map(operation => `not ${operation}`),
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

function operationsOf(rule: any): string[] {
  const conditions = rule?.when?.length
    ? ` if ${rule.when.map((when: any) => when?.key).join(' and ')} fits`
    : '';
  const items: any[] = Array.isArray(rule?.to) ? rule.to : [];
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
  workload: Pick<Workload, 'namespace' | 'labels'>,
): string[] {
  const named = policiesFor(set, workload)
    .filter(policy => actionOf(policy) === 'ALLOW')
    .flatMap(rulesOf)
    .flatMap((rule: any) => (Array.isArray(rule?.from) ? rule.from : []))
    .flatMap((item: any) => item?.source?.principals ?? [])
    .map((principal: unknown) => String(principal).replace(/^spiffe:\/\//, ''))
    .filter(principal => !principal.includes('*'));
  return [...new Set(named)];
}
