import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { evaluateAccess } from '../authorization/evaluateAccess';
import { actionOf, policiesFor } from '../authorization/policies';
import { workloadsOf } from '../workloads/workloads';
import type { Workload } from '../workloads/Workload';
import { afterOf, type ChangePlan, type ObjectEdit } from './ChangePlan';
import { EditRefused } from './EditRefused';
import type { ServiceName } from './editRule';
import { isSameJson } from './isSameJson';
import { fieldOperations } from './setFields';

const PRINCIPAL = /^[a-z0-9.-]+\/ns\/[a-z0-9-]+\/sa\/[a-z0-9.-]+$/;
const MOST_CALLERS = 50;

/** @public */
export interface AllowCallerAnswers {
  /** `cluster.local/ns/NAMESPACE/sa/ACCOUNT`. */
  principal: string;
  /** Absent: all. */
  methods?: readonly string[];
  /** As policies have them: exact, `/api/*`, or a template; absent: all. */
  paths?: readonly string[];
}

/**
 * Lets one more caller in, by a policy of the service's own.
 *
 * @throws EditRefused where everybody is let in, or a DENY would refuse it all the same.
 * @public
 */
export function planAllowCaller(
  set: MeshObjects,
  service: ServiceName,
  { principal, methods = [], paths = [] }: AllowCallerAnswers,
): ChangePlan {
  requirePrincipal(principal);
  requireOperations(methods, paths);
  const workloads = workloadsToGuard(set, service);
  const open = workloads.find(workload => !allowingPolicy(set, workload));
  if (open) {
    throw new EditRefused(
      `Everybody may call ${open.name}. Letting one in would refuse all others: deny by default first, with all who are to be let in.`,
    );
  }
  const rule = {
    from: [{ source: { principals: [principal] } }],
    ...(methods.length + paths.length > 0 && {
      to: [
        {
          operation: {
            ...(methods.length > 0 && { methods: [...methods] }),
            ...(paths.length > 0 && { paths: [...paths] }),
          },
        },
      ],
    }),
  };
  const edit = withRule(set, service, rule);
  workloads.forEach(workload =>
    requireLetIn(set, edit, workload, { principal, methods, paths }),
  );
  const what = [methods.join(', '), paths.join(', ')].filter(Boolean).join(' ');
  return {
    edits: [edit],
    sentence: `${accountOf(principal)} may call ${service.service}${
      what ? `: ${what}` : ''
    }.`,
  };
}

/** @public */
export interface DenyByDefaultAnswers {
  /** Who is let in all the same, as principals; empty: nobody. */
  callers: readonly string[];
}

/**
 * Refuses every caller but those named.
 *
 * @throws EditRefused where that is so already.
 * @public
 */
export function planDenyByDefault(
  set: MeshObjects,
  service: ServiceName,
  { callers }: DenyByDefaultAnswers,
): ChangePlan {
  callers.forEach(requirePrincipal);
  if (callers.length > MOST_CALLERS) {
    throw new EditRefused(
      `${callers.length} callers are more than the ${MOST_CALLERS} that one policy takes from here.`,
    );
  }
  const allowing = workloadsToGuard(set, service)
    .map(workload => allowingPolicy(set, workload))
    .find(policy => policy !== undefined);
  if (allowing) {
    throw new EditRefused(
      `${describeRef(
        refOf(allowing),
      )} already refuses whom no policy names. Allow single callers, or edit its YAML.`,
    );
  }
  const principals = [...new Set(callers)];
  const rules =
    principals.length > 0 ? [{ from: [{ source: { principals } }] }] : [];
  return {
    edits: [{ action: 'create', object: newPolicy(set, service, rules) }],
    sentence:
      principals.length > 0
        ? `Only ${principals.map(accountOf).join(', ')} may call ${
            service.service
          }; every other caller is answered 403.`
        : `Nobody may call ${service.service}; every caller is answered 403.`,
  };
}

/** A policy that lets some in, and so refuses all others. */
function allowingPolicy(
  set: MeshObjects,
  workload: Workload,
): KubeObject | undefined {
  return policiesFor(set, workload).find(
    policy => actionOf(policy) === 'ALLOW',
  );
}

function withRule(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  rule: object,
): ObjectEdit {
  const own = set.get('AuthorizationPolicy', namespace, nameOf(service));
  if (!own) {
    const object = newPolicy(set, { namespace, service }, [rule]);
    return { action: 'create', object };
  }
  const rules = itemsOf(own.spec?.rules);
  const selector = { matchLabels: selectorOf(set, { namespace, service }) };
  if (actionOf(own) !== 'ALLOW' || !isSameJson(own.spec?.selector, selector)) {
    throw new EditRefused(
      `${describeRef(
        refOf(own),
      )} is there and is not for allowing callers of ${service}: rename it, or edit its YAML.`,
    );
  }
  return {
    action: 'change',
    before: own,
    operations:
      rules.length === 0
        ? fieldOperations(own, [{ at: ['spec', 'rules'], value: [rule] }])
        : [
            { op: 'test', at: ['spec', 'rules'], value: own.spec.rules },
            { op: 'add', at: ['spec', 'rules', rules.length], value: rule },
          ],
  };
}

function newPolicy(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  rules: readonly object[],
): KubeObject {
  const name = nameOf(service);
  const taken = set.get('AuthorizationPolicy', namespace, name);
  if (taken) {
    throw new EditRefused(
      `${describeRef(refOf(taken))} is there already: edit its YAML.`,
    );
  }
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { namespace, name },
    spec: {
      selector: { matchLabels: selectorOf(set, { namespace, service }) },
      action: 'ALLOW',
      ...(rules.length > 0 && { rules: [...rules] }),
    },
  };
}

function nameOf(service: string): string {
  return `${service}-callers`;
}

function selectorOf(
  set: MeshObjects,
  { namespace, service }: ServiceName,
): Record<string, string> {
  return { ...set.get('Service', namespace, service)?.spec?.selector };
}

function workloadsToGuard(
  set: MeshObjects,
  { namespace, service }: ServiceName,
): readonly Workload[] {
  const workloads = workloadsOf(set, namespace, service);
  if (workloads.length === 0) {
    throw new EditRefused(
      `${service} has no pods, so there is nothing that a policy could guard.`,
    );
  }
  const bare = workloads.find(({ dataPlane }) => dataPlane === 'none');
  if (bare) {
    throw new EditRefused(
      `${bare.name} is not in the mesh: nobody would enforce a policy there.`,
    );
  }
  return workloads;
}

/** A DENY goes before, and ztunnel sees no requests. What a pattern takes is not tried. */
function requireLetIn(
  set: MeshObjects,
  edit: ObjectEdit,
  workload: Workload,
  { principal, methods = [], paths = [] }: AllowCallerAnswers,
): void {
  const object = afterOf(edit);
  if (!object || paths.some(path => /[*{]/.test(path))) {
    return;
  }
  const after = set.with([{ type: 'put', object }]);
  const { allowed, reason } = evaluateAccess(after, workload, {
    principal,
    port: firstPortOf(workload),
    method: methods[0] ?? 'GET',
    path: paths[0] ?? '/',
  });
  if (!allowed) {
    throw new EditRefused(
      `${workload.name} would refuse it all the same: ${reason}. Change that first.`,
    );
  }
}

function firstPortOf({ pods, owner }: Workload): number {
  const spec = pods[0]?.spec ?? owner?.spec?.template?.spec;
  const [port] = itemsOf(spec?.containers).flatMap(container =>
    itemsOf(container?.ports),
  );
  return port?.containerPort ?? 80;
}

function requirePrincipal(principal: string): void {
  if (principal.length > 500 || !PRINCIPAL.test(principal)) {
    throw new EditRefused(
      `"${principal.slice(
        0,
        100,
      )}" is no identity in the mesh; expected such as cluster.local/ns/shop/sa/cart.`,
    );
  }
}

function requireOperations(
  methods: readonly string[],
  paths: readonly string[],
): void {
  const method = methods.find(each => !/^[A-Z]{1,20}$/.test(each));
  if (method !== undefined) {
    throw new EditRefused(`"${method}" is no method; expected such as GET.`);
  }
  const path = paths.find(each => !/^(\/|\*)\S{0,500}$/.test(each));
  if (path !== undefined) {
    throw new EditRefused(
      `"${path.slice(0, 100)}" is no path; expected such as /api/*.`,
    );
  }
}

/** `shop/cart`, of a principal. */
function accountOf(principal: string): string {
  const [, , namespace, , account] = principal.split('/');
  return `${namespace}/${account}`;
}
