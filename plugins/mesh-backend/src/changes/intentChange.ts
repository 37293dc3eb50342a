import { ConflictError, InputError } from '@backstage/errors';
import {
  type ChangePlan,
  describeRef,
  destinationRulesFor,
  describeDuration,
  EditRefused,
  effectiveRoutes,
  type KubeObjectRef,
  type MeshObjects,
  objectOf,
  planAllowCaller,
  planBalancing,
  planBreaker,
  planConditionalRoute,
  planDeletion,
  planDenyByDefault,
  planEnrolment,
  planTimedFault,
  planMirror,
  planObject,
  planPeerMode,
  planProxyResources,
  planRestart,
  planRetries,
  planSampling,
  planTimeout,
  refOf,
  type RuleAnswer,
  type RuleSource,
  workloadsOf,
} from '@meshdeck/istio-config';
import {
  EDITABLE_KINDS,
  type ObjectRef,
  type Placement,
  type RuleName,
  type ServiceIntent,
} from '@meshdeck/plugin-mesh-common';
import type { ChangeTerm } from '../memory/ChangeTerm';
import { type Change, stepOf } from './Change';
import { editableObject, requireSamePlace } from './editableObject';
import { servicesToRead } from './foreignServices';
import { guardReach } from './guardReach';
import { guardTaken, kindsBeside, neighboursToRead } from './guardTaken';
import { isNamed } from '../facts/ruleNames';
import { setAfter } from './setAfter';
import { writtenObject } from './writtenObject';

/** All but undo, which goes by what was done. */
export type PlannedIntent = Exclude<ServiceIntent, { intent: 'undo' }>;

/** What a kind of intent needs to know. */
interface IntentKind<Intent> {
  /** Kinds that decide it. */
  kinds: (intent: Intent) => readonly string[];
  /** What it rests on beside the service's rules: by default the definitions of its versions and what makes its pods. */
  restsOn?: readonly ('versions' | 'workloads')[];
  /** Its object may become one that is for others than before. */
  movesReach?: true;
  /** The intent's own fields are the answers that its planner takes; `term` is there where it asks for how long. */
  plan(
    set: MeshObjects,
    placement: Placement,
    intent: Intent,
    term?: ChangeTerm,
  ): ChangePlan;
}

type IntentKinds = {
  [Name in PlannedIntent['intent']]: IntentKind<
    Extract<PlannedIntent, { intent: Name }>
  >;
};

const GATEWAY_API_KINDS = ['HTTPRoute', 'GRPCRoute'];

/** An intent on a rule, which may be about that alone: the rule's name is looked up, and its source goes to the planner. */
function onRule<Intent extends { rule?: RuleName }>(
  plan: (
    set: MeshObjects,
    placement: Placement,
    answers: Omit<Intent, 'rule'> & RuleAnswer,
    term?: ChangeTerm,
  ) => ChangePlan,
  { ofOne }: { ofOne?: true } = {},
): IntentKind<Intent> {
  return {
    kinds: () => ['VirtualService', ...(ofOne ? [] : ['DestinationRule'])],
    ...(ofOne ? { restsOn: [] } : {}),
    plan: (set, placement, { rule, ...answers }, term) =>
      plan(
        set,
        placement,
        { ...answers, rule: sourceOf(set, placement, rule) },
        term,
      ),
  };
}

/** Routes of the Gateway API decide over no policy: a cluster whose routes nobody may read keeps nobody from editing one. */
function kindsToEdit({
  object,
}: {
  object: Pick<ObjectRef, 'kind'>;
}): readonly string[] {
  return EDITABLE_KINDS.filter(
    kind => !GATEWAY_API_KINDS.includes(kind) || kind === object.kind,
  );
}

const KINDS: IntentKinds = {
  editObject: {
    kinds: kindsToEdit,
    movesReach: true,
    plan: (set, placement, { object, seen, yaml }) => {
      const before = editableObject(set, placement, { object, seen });
      const written = writtenObject(yaml);
      const plan = planObject(before, written);
      requireSamePlace(before, written);
      return plan;
    },
  },
  deleteObject: {
    kinds: kindsToEdit,
    plan: (set, placement, asked) =>
      planDeletion(editableObject(set, placement, asked)),
  },
  fault: onRule(
    (set, placement, { delay, abort, rule }, term) => {
      if (!term) {
        throw new Error('What is broken on purpose has an end');
      }
      return planTimedFault(set, placement, { delay, abort, rule }, term);
    },
    { ofOne: true },
  ),
  timeout: onRule(planTimeout, { ofOne: true }),
  retries: onRule(planRetries, { ofOne: true }),
  mirror: onRule(planMirror),
  conditionalRoute: onRule(planConditionalRoute),
  breaker: {
    kinds: () => ['DestinationRule'],
    restsOn: ['versions'],
    plan: planBreaker,
  },
  balancing: {
    kinds: () => ['DestinationRule'],
    restsOn: ['versions'],
    plan: planBalancing,
  },
  mtls: {
    kinds: () => ['DestinationRule', 'PeerAuthentication'],
    plan: planPeerMode,
  },
  allowCaller: {
    kinds: () => ['AuthorizationPolicy'],
    plan: planAllowCaller,
  },
  denyByDefault: {
    kinds: () => ['AuthorizationPolicy'],
    plan: planDenyByDefault,
  },
  sampling: {
    kinds: () => ['Telemetry'],
    plan: planSampling,
  },
  proxyResources: {
    kinds: () => [],
    plan: planProxyResources,
  },
  enrolment: { kinds: () => [], plan: planEnrolment },
  restart: {
    kinds: () => [],
    plan: (set, placement, { workload }) =>
      planRestart(set, placement, { workload, at: new Date().toISOString() }),
  },
};

/** Does what somebody wants, as the planner of that intent works it out; for a time, where it is given one. */
export function intentChange(intent: PlannedIntent, term?: ChangeTerm): Change {
  const kind = KINDS[intent.intent] as IntentKind<PlannedIntent>;
  const kinds = kind.kinds(intent);
  const { restsOn = ['versions', 'workloads'] } = kind;
  const edited = 'object' in intent ? intent.object : undefined;
  const planned = (set: MeshObjects, placement: Placement) => {
    try {
      const { edits, sentence } = kind.plan(set, placement, intent, term);
      const until =
        term && ` It ends by itself after ${describeDuration(term.lastsMs)}.`;
      return { edits, sentence: `${sentence}${until ?? ''}` };
    } catch (error) {
      throw error instanceof EditRefused
        ? new InputError(error.message)
        : error;
    }
  };
  /** The Services that the objects would be for then. */
  const servicesAfter = (set: MeshObjects, placement: Placement) => {
    if (!kind.movesReach) {
      return [];
    }
    const steps = planned(set, placement).edits.map(stepOf);
    const after = steps.reduce(setAfter, set);
    return steps.flatMap(({ edit }) =>
      servicesToRead(after, refOf(objectOf(edit))),
    );
  };
  return {
    mayCreate: true,
    term,
    needs: kinds.length > 0 ? kinds : ['Deployment', 'Pod'],
    lists: [...kinds, ...(edited ? kindsBeside(edited.kind) : [])],
    targets: (set, placement) =>
      planned(set, placement).edits.map(edit => refOf(objectOf(edit))),
    restsOn: (set, placement) => [
      ...rulesOf(set, placement, restsOn.includes('versions')),
      ...servicesAfter(set, placement),
      ...(edited ? neighboursToRead(set, edited) : []),
      ...(restsOn.includes('workloads') ? ownersOf(set, placement) : []),
    ],
    plan(set, asked) {
      const plan = planned(set, asked.placement);
      const steps = plan.edits.map(stepOf);
      const then = steps.reduce(setAfter, set);
      for (const { edit, after } of steps) {
        guardReach(set, objectOf(edit), asked);
        guardTaken(set, edit, asked);
        if (after && (kind.movesReach || edit.action === 'create')) {
          guardReach(then, after, asked);
        }
      }
      return plan;
    },
  };
}

/** What holds the rules of a service and the definitions of its versions, and the Services that these also concern. */
function rulesOf(
  set: MeshObjects,
  placement: Placement,
  withVersions: boolean,
): KubeObjectRef[] {
  const { namespace } = placement;
  const { host, decidedBy, rules } = routesOf(set, placement);
  const versions = withVersions
    ? destinationRulesFor(set, host, {
        clientNamespace: namespace,
        serviceNamespace: namespace,
      }).rules
    : [];
  const objects = [
    ...(decidedBy ? [decidedBy] : []),
    ...rules.flatMap(({ source }) => source?.object ?? []),
    ...versions.map(refOf),
  ];
  return [
    ...objects,
    ...objects.flatMap(object => servicesToRead(set, object)),
  ];
}

/** What makes the pods of a service. */
function ownersOf(
  set: MeshObjects,
  { namespace, service }: Placement,
): KubeObjectRef[] {
  return workloadsOf(set, namespace, service).flatMap(({ owner }) =>
    owner ? [refOf(owner)] : [],
  );
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
