import { ConflictError, InputError } from '@backstage/errors';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  type ChangePlan,
  describeRef,
  destinationRulesFor,
  EditRefused,
  effectiveRoutes,
  type KubeObjectRef,
  type MeshObjects,
  objectOf,
  planAllowCaller,
  planBalancing,
  planBreaker,
  planConditionalRoute,
  planDenyByDefault,
  planEnrolment,
  planMirror,
  planPeerMode,
  planProxyResources,
  planRestart,
  planRetries,
  planSampling,
  planTimeout,
  refOf,
  type RuleSource,
  workloadsOf,
} from '@meshdeck/istio-config';
import {
  type BalancingIntent,
  type ConditionalRouteIntent,
  meshSecurityChangePermission,
  meshServiceChangePermission,
  type Placement,
  type RuleName,
  type ServiceIntent,
} from '@meshdeck/plugin-mesh-common';
import type { Change } from './Change';
import { servicesNamedBy } from './foreignServices';
import { guardReach } from './guardReach';
import { isNamed } from '../facts/ruleNames';

/** All but undo, which goes by what was done. */
export type PlannedIntent = Exclude<ServiceIntent, { intent: 'undo' }>;

/** What a kind of intent needs to know, and who may. */
interface IntentKind<Intent> {
  permission: ResourcePermission;
  /** Kinds that decide it. */
  kinds: readonly string[];
  plan(set: MeshObjects, placement: Placement, intent: Intent): ChangePlan;
}

type IntentKinds = {
  [Name in PlannedIntent['intent']]: IntentKind<
    Extract<PlannedIntent, { intent: Name }>
  >;
};

const ROUTES = ['VirtualService', 'DestinationRule'];
const change = meshServiceChangePermission;
const secure = meshSecurityChangePermission;

const KINDS: IntentKinds = {
  timeout: {
    permission: change,
    kinds: ROUTES,
    plan: (set, at, { timeoutMs, rule }) =>
      planTimeout(set, at, { timeoutMs, rule: sourceOf(set, at, rule) }),
  },
  retries: {
    permission: change,
    kinds: ROUTES,
    plan: (set, at, { intent: _intent, rule, ...answers }) =>
      planRetries(set, at, { ...answers, rule: sourceOf(set, at, rule) }),
  },
  mirror: {
    permission: change,
    kinds: ROUTES,
    plan: (set, at, { to, rule }) =>
      planMirror(set, at, { to, rule: sourceOf(set, at, rule) }),
  },
  conditionalRoute: {
    permission: change,
    kinds: ROUTES,
    plan: (set, at, { on, subset, rule }) =>
      planConditionalRoute(set, at, {
        on: condition(on),
        subset,
        rule: sourceOf(set, at, rule),
      }),
  },
  breaker: {
    permission: change,
    kinds: ['DestinationRule'],
    plan: (set, at, { intent: _intent, ...limits }) =>
      planBreaker(set, at, limits),
  },
  balancing: {
    permission: change,
    kinds: ['DestinationRule'],
    plan: (set, at, intent) =>
      planBalancing(set, at, {
        by: chosen(intent),
        nearFirst: intent.nearFirst,
      }),
  },
  mtls: {
    permission: secure,
    kinds: ['PeerAuthentication'],
    plan: (set, at, { scope, port, mode }) =>
      planPeerMode(set, at, { scope, port, mode }),
  },
  allowCaller: {
    permission: secure,
    kinds: ['AuthorizationPolicy'],
    plan: (set, at, { principal, methods, paths }) =>
      planAllowCaller(set, at, { principal, methods, paths }),
  },
  denyByDefault: {
    permission: secure,
    kinds: ['AuthorizationPolicy'],
    plan: (set, at, { callers }) => planDenyByDefault(set, at, { callers }),
  },
  sampling: {
    permission: change,
    kinds: ['Telemetry'],
    plan: (set, at, { percent }) => planSampling(set, at, { percent }),
  },
  proxyResources: {
    permission: change,
    kinds: [],
    plan: (set, at, { intent: _intent, ...answers }) =>
      planProxyResources(set, at, answers),
  },
  enrolment: {
    permission: secure,
    kinds: [],
    plan: (set, at, { workload, mode, revision }) =>
      planEnrolment(set, at, { workload, mode, revision }),
  },
  restart: {
    permission: change,
    kinds: [],
    plan: (set, at, { workload }) =>
      planRestart(set, at, { workload, at: new Date().toISOString() }),
  },
};

export function permissionFor(intent: PlannedIntent): ResourcePermission {
  return KINDS[intent.intent].permission;
}

/** Does what somebody wants, as the planner of that intent works it out. */
export function intentChange(intent: PlannedIntent): Change {
  const kind = KINDS[intent.intent] as IntentKind<PlannedIntent>;
  const planned = (set: MeshObjects, placement: Placement) => {
    try {
      const { edits, sentence } = kind.plan(set, placement, intent);
      const [edit] = edits;
      return { edit, sentence };
    } catch (error) {
      throw error instanceof EditRefused
        ? new InputError(error.message)
        : error;
    }
  };
  return {
    mayCreate: true,
    needs: kind.kinds.length > 0 ? kind.kinds : ['Deployment', 'Pod'],
    lists: kind.kinds,
    target: (set, placement) => refOf(objectOf(planned(set, placement).edit)),
    restsOn: (set, placement) => [
      ...rulesOf(set, placement),
      ...workloadsOf(set, placement.namespace, placement.service).flatMap(
        ({ owner }) => (owner ? [refOf(owner)] : []),
      ),
    ],
    plan(set, _before, asked) {
      const { edit, sentence } = planned(set, asked.placement);
      guardReach(set, objectOf(edit), asked);
      return { edit, sentence };
    },
  };
}

/** What holds the rules of a service and the definitions of its versions, and the Services that these also concern. */
function rulesOf(set: MeshObjects, placement: Placement): KubeObjectRef[] {
  const { namespace } = placement;
  const { host, decidedBy, rules } = routesOf(set, placement);
  const versions = destinationRulesFor(set, host, {
    clientNamespace: namespace,
    serviceNamespace: namespace,
  });
  const objects = [
    ...(decidedBy ? [decidedBy] : []),
    ...rules.flatMap(({ source }) => source?.object ?? []),
    ...versions.rules.map(refOf),
  ];
  const services = objects
    .flatMap(object => servicesNamedBy(set, object))
    .map(({ namespace: place, service: name }) => ({
      apiVersion: 'v1',
      kind: 'Service',
      namespace: place,
      name,
    }));
  return [...objects, ...services];
}

function routesOf(set: MeshObjects, { namespace, service }: Placement) {
  return effectiveRoutes(set, {
    namespace,
    service,
    from: { type: 'mesh', namespace },
  });
}

/** @throws ConflictError where that rule is not there any more, or another one. */
function sourceOf(
  set: MeshObjects,
  placement: Placement,
  wanted: RuleName | undefined,
): RuleSource | undefined {
  if (!wanted) {
    return undefined;
  }
  const found = routesOf(set, placement).rules.find(
    ({ source }) => source && isNamed(set, source, wanted),
  );
  if (!found?.source) {
    throw new ConflictError(
      `${wanted.path} of ${describeRef(
        wanted.object,
      )} is not the rule that you saw any more. Nothing was changed; look at the page again.`,
    );
  }
  return found.source;
}

/** @throws InputError */
function condition({ header, cookie, value }: ConditionalRouteIntent['on']) {
  if ((header === undefined) === (cookie === undefined)) {
    throw new InputError('what.on: name either a header or a cookie.');
  }
  return header === undefined
    ? { cookie: cookie ?? '', value }
    : { header, value };
}

/** @throws InputError */
function chosen({ simple, header, cookie, sourceIp }: BalancingIntent) {
  const ways = [
    ...(simple ? [{ simple }] : []),
    ...(header ? [{ header }] : []),
    ...(cookie ? [{ cookie: cookie.name, ttlMs: cookie.ttlMs }] : []),
    ...(sourceIp ? [{ sourceIp: true as const }] : []),
  ];
  if (ways.length > 1) {
    throw new InputError('Name one way in which a pod is chosen, not several.');
  }
  return ways[0];
}
