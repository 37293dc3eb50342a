import { KubeObject, refOf } from '../kube/KubeObject';
import { compareFullNames } from '../kube/order';
import type { MeshObjects } from '../MeshObjects';
import type { Finding, FindingDraft, FindingRule } from './Finding';
import { isSuppressed } from './suppression';

const EVERYWHERE = '*';

type Run = (set: MeshObjects, namespace: string) => readonly Finding[];
const runs = new WeakMap<FindingRule, { inOne: Run; inAll: Run }>();

/**
 * What a rule finds in a set. It runs namespace by namespace, and after a change only where it read something that
 * changed.
 */
export function runRule(
  set: MeshObjects,
  rule: FindingRule,
): readonly Finding[] {
  const { inOne, inAll } = runsOf(rule);
  return rule.scope === 'mesh'
    ? set.derive(inOne, EVERYWHERE)
    : set.derive(inAll);
}

/** What a rule finds in the objects of one namespace. */
export function runRuleIn(
  set: MeshObjects,
  rule: FindingRule,
  namespace: string,
): readonly Finding[] {
  if (rule.scope === 'mesh') {
    return set
      .derive(runsOf(rule).inOne, EVERYWHERE)
      .filter(({ resource }) => (resource.namespace ?? '') === namespace);
  }
  return rule.inputs.some(kind => set.inNamespace(kind, namespace).length > 0)
    ? set.derive(runsOf(rule).inOne, namespace)
    : [];
}

/** The same functions for each rule: {@link MeshObjects.derive} knows computations by identity. */
function runsOf(rule: FindingRule) {
  let known = runs.get(rule);
  if (!known) {
    const inOne: Run = (set, namespace) => judge(set, rule, namespace);
    const inputs = rule.inputs.join();
    const inAll: Run = set =>
      set
        .derive(namespacesOf, inputs)
        .flatMap(namespace => set.derive(inOne, namespace));
    known = { inOne, inAll };
    runs.set(rule, known);
  }
  return known;
}

/** Derived: most changes of an object leave the namespaces of its kind as they were, and so most rules need not run over all again. */
function namespacesOf(set: MeshObjects, kinds: string): readonly string[] {
  return set.namespacesWith(kinds.split(','));
}

function judge(
  set: MeshObjects,
  rule: FindingRule,
  namespace: string,
): readonly Finding[] {
  if (rule.needs?.some(kind => !set.knows(kind))) {
    return [];
  }
  const lists = rule.inputs.map(kind =>
    namespace === EVERYWHERE ? set.all(kind) : set.inNamespace(kind, namespace),
  );
  if (lists.every(objects => objects.length === 0)) {
    return [];
  }
  const inputs = sortedWhenRead(rule.inputs, lists);
  try {
    return draftsOf(set, rule, inputs);
  } catch {
    return withoutOffenders(set, rule, inputs);
  }
}

/** By kind; a rule that judges a whole mesh by what was derived reads no list of it. */
function sortedWhenRead(
  kinds: readonly string[],
  lists: readonly (readonly KubeObject[])[],
): Record<string, readonly KubeObject[]> {
  const inputs = {};
  kinds.forEach((kind, index) =>
    Object.defineProperty(inputs, kind, {
      enumerable: true,
      get: () => byName(lists[index]),
    }),
  );
  return inputs;
}

function draftsOf(
  set: MeshObjects,
  rule: FindingRule,
  inputs: Record<string, readonly KubeObject[]>,
): Finding[] {
  const found: Finding[] = [];
  const said = new Set<string>();
  for (const draft of rule.find(inputs, set)) {
    const finding = toFinding(rule, draft);
    const key = `${finding.resource.kind}/${finding.resource.namespace}/${finding.resource.name}: ${finding.message}`;
    // As istioctl does: what reads the same is said once.
    if (!said.has(key) && !isSuppressed(draft.resource, rule.code)) {
      said.add(key);
      found.push(finding);
    }
  }
  return found;
}

/** One object that is no object of its kind at all must not hide what is wrong with the others. */
function withoutOffenders(
  set: MeshObjects,
  rule: FindingRule,
  inputs: Record<string, readonly KubeObject[]>,
): Finding[] {
  const empty = Object.fromEntries(rule.inputs.map(kind => [kind, []]));
  const offenders = new Set<KubeObject>();
  const problems: Finding[] = [];
  for (const [kind, objects] of Object.entries(inputs)) {
    for (const object of objects) {
      try {
        draftsOf(set, rule, { ...empty, [kind]: [object] });
      } catch (error) {
        offenders.add(object);
        problems.push(unjudged('IST0106', rule, object, error));
      }
    }
  }
  const rest = Object.fromEntries(
    Object.entries(inputs).map(([kind, objects]) => [
      kind,
      objects.filter(object => !offenders.has(object)),
    ]),
  );
  try {
    return [...draftsOf(set, rule, rest), ...problems];
  } catch (error) {
    const [object] = Object.values(inputs).flat();
    return [...problems, unjudged('IST0001', rule, object, error)];
  }
}

function unjudged(
  code: 'IST0001' | 'IST0106',
  rule: FindingRule,
  object: KubeObject,
  error: unknown,
): Finding {
  const why = error instanceof Error ? error.message : 'unknown';
  return {
    code,
    level: 'error',
    resource: refOf(object),
    message: `The rule ${rule.code} cannot read it: ${why}.`,
    fix:
      code === 'IST0106'
        ? 'Its fields are not of the kinds that the schema asks for; correct them.'
        : 'Report it with the objects: this is a mistake in the rule.',
  };
}

/** What is said of an object may depend on others, and be put in other words after each change. */
const MOST_SAID = 100;

/** Of each object, by what they say. */
const saidBefore = new WeakMap<KubeObject, Map<string, Finding>>();

/** The same value when it is found again: what was derived from it need not be derived again. */
function toFinding(rule: FindingRule, draft: FindingDraft): Finding {
  const { resource, ...rest } = draft;
  const key = JSON.stringify([rule.code, rest]);
  const known = saidBefore.get(resource) ?? new Map<string, Finding>();
  saidBefore.set(resource, known);
  const finding = known.get(key) ?? {
    code: rule.code,
    level: rule.level,
    resource: refOf(resource),
    ...rest,
  };
  if (known.size >= MOST_SAID && !known.has(key)) {
    known.clear();
  }
  known.set(key, finding);
  return finding;
}

/** Many rules judge the same lists. */
const sorted = new WeakMap<readonly KubeObject[], readonly KubeObject[]>();

function byName(objects: readonly KubeObject[]): readonly KubeObject[] {
  let list = sorted.get(objects);
  if (!list) {
    list = [...objects].sort(compareFullNames);
    sorted.set(objects, list);
  }
  return list;
}
