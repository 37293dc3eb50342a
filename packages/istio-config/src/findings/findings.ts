import { attachedTo } from '../authorization/enforcement';
import { KubeObject, refOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { workloadsOf } from '../workloads/workloads';
import { Finding } from './Finding';
import { objectsFor } from './objectsFor';
import { malformedFindings } from './malformed';
import { FINDING_RULES } from './rules';
import { runRule, runRuleIn } from './runRule';

export { FINDING_RULES } from './rules';
export { objectsByHost, servicesNamed } from './objectsByHost';
export { objectsFor } from './objectsFor';

const LEVELS = ['error', 'warning', 'info'] as const;
const WORST_FIRST = { error: 0, warning: 1, info: 2 } as const;

/** Everything the rules find in a set, worst first. With `details`, also what is true but seldom worth acting on. @public */
export function findings(
  set: MeshObjects,
  options: { details?: boolean } = {},
): readonly Finding[] {
  return set.derive(options.details ? computeAll : computeUsual);
}

function computeUsual(set: MeshObjects): readonly Finding[] {
  return compute(set, false);
}

function computeAll(set: MeshObjects): readonly Finding[] {
  return compute(set, true);
}

function compute(set: MeshObjects, details: boolean): readonly Finding[] {
  const lists: (readonly Finding[])[] = [malformedFindings(set)];
  for (const rule of FINDING_RULES) {
    if (details || !rule.detail) {
      lists.push(runRule(set, rule));
    }
  }
  const splits = lists.filter(list => list.length > 0).map(byLevel);
  return LEVELS.flatMap(level => splits.flatMap(split => split[level]));
}

/** Known of each list: after a change most rules give the list that they gave before. */
const splitBefore = new WeakMap<
  readonly Finding[],
  Record<Finding['level'], readonly Finding[]>
>();

function byLevel(list: readonly Finding[]) {
  let split = splitBefore.get(list);
  if (!split) {
    const of = (level: Finding['level']) =>
      list.filter(finding => finding.level === level);
    split = {
      error: of('error'),
      warning: of('warning'),
      info: of('info'),
    };
    splitBefore.set(list, split);
  }
  return split;
}

/** The findings on the objects that concern a Service: itself, its routes, policies and workloads. @public */
export function findingsFor(
  set: MeshObjects,
  namespace: string,
  service: string,
): Finding[] {
  const concerned = new Map(
    concernedObjects(set, namespace, service).map(object => {
      const ref = refOf(object);
      return [keyOf(ref), ref];
    }),
  );
  return [...concerned]
    .flatMap(
      ([key, ref]) =>
        set.derive(findingsByObject, ref.namespace ?? '').get(key) ?? [],
    )
    .sort(worstFirst);
}

/** Those on the objects of one namespace. Indexed: there may be thousands of findings, of a Service a few. */
function findingsByObject(
  set: MeshObjects,
  namespace: string,
): ReadonlyMap<string, readonly Finding[]> {
  const found = [
    ...malformedFindings(set).filter(
      ({ resource }) => (resource.namespace ?? '') === namespace,
    ),
    ...FINDING_RULES.filter(rule => !rule.detail).flatMap(rule =>
      runRuleIn(set, rule, namespace),
    ),
  ];
  const index = new Map<string, Finding[]>();
  for (const finding of found) {
    const key = keyOf(finding.resource);
    const list = index.get(key);
    if (list) {
      list.push(finding);
    } else {
      index.set(key, [finding]);
    }
  }
  return index;
}

function keyOf(ref: { kind: string; namespace?: string; name: string }) {
  return `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

function worstFirst(a: Finding, b: Finding): number {
  return WORST_FIRST[a.level] - WORST_FIRST[b.level];
}

/** What decides about the Service's requests, and what runs behind it. */
function concernedObjects(
  set: MeshObjects,
  namespace: string,
  service: string,
): KubeObject[] {
  const behind = workloadsOf(set, namespace, service);
  return [
    ...objectsFor(set, namespace, service),
    ...attachedTo(set, 'RequestAuthentication', { namespace, name: service }),
    ...behind.flatMap(({ owner }) => owner ?? []),
  ];
}
