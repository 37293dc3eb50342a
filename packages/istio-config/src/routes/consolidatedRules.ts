import { hostCovers, hostSpecificity, resolveHost } from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { fieldsOf, isMap, ownField, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';

/** DestinationRules of one namespace that Istio makes one of. */
export interface ConsolidatedRule {
  namespace: string;
  exportTo: ReadonlySet<string>;
  /** Of the first rule: it is for single workloads. */
  selector?: Record<string, string>;
  rules: readonly KubeObject[];
}

type Pool = ReadonlyMap<string, readonly ConsolidatedRule[]>;

/** The rules of a namespace by host, as those see them that may. */
export interface NamespaceRules {
  /** For clients of the namespace itself. */
  local: Pool;
  /** For clients elsewhere, each as far as it is exported. */
  exported: Pool;
  /** For nobody but the namespace. */
  private: Pool;
}

/**
 * The DestinationRules of a namespace: those for single workloads first, then by age, and what Istio makes one rule of together.
 * Source: istio pilot/pkg/model/push_context.go, setDestinationRules.
 */
export function rulesOfNamespace(
  set: MeshObjects,
  namespace: string,
): NamespaceRules {
  const local = new Map<string, ConsolidatedRule[]>();
  const exported = new Map<string, ConsolidatedRule[]>();
  const own = new Map<string, ConsolidatedRule[]>();
  const isPrivateByDefault =
    set.meshConfig.defaultDestinationRuleExportTo.includes('.');
  const rules = oldestFirst(set.inNamespace('DestinationRule', namespace));
  const inOrder = [
    ...rules.filter(rule => selectorOf(rule)),
    ...rules.filter(rule => !selectorOf(rule)),
  ];
  for (const rule of inOrder) {
    const written: unknown = rule.spec?.host;
    if (typeof written !== 'string' || !written) {
      continue;
    }
    const { domain } = set.meshConfig;
    const host = resolveHost(written, namespace, domain).toLowerCase();
    const exportTo = new Set(
      selectorOf(rule) ? ['.'] : textsOf(rule.spec.exportTo),
    );
    const names = (...scopes: string[]) =>
      scopes.some(scope => exportTo.has(scope));
    if (exportTo.size === 0 || names('*', '.', namespace)) {
      take(local, host, rule, exportTo);
    }
    const isPrivate =
      exportTo.size === 0
        ? isPrivateByDefault
        : exportTo.size === 1 && names('.', namespace);
    take(isPrivate ? own : exported, host, rule, exportTo);
  }
  return { local, exported, private: own };
}

/** Exact hosts before wildcards, a longer one before a shorter one. */
export function bestMatch(
  pool: Pool,
  host: string,
): readonly ConsolidatedRule[] | undefined {
  const exact = pool.get(host);
  if (exact) {
    return exact;
  }
  const [best] = [...pool.keys()]
    .filter(pattern => pattern.startsWith('*') && hostCovers(pattern, host))
    .sort((a, b) => hostSpecificity(b) - hostSpecificity(a));
  return best === undefined ? undefined : pool.get(best);
}

function selectorOf(rule: KubeObject): Record<string, string> | undefined {
  const selector: unknown = rule.spec?.workloadSelector;
  return isMap(selector) ? ownField(selector, 'matchLabels') ?? {} : undefined;
}

/**
 * Rules for one host become one where they are exported alike, or the newer one wider, and are for the same workloads; else
 * each stands for itself. Source: istio pilot/pkg/model/destination_rule.go, mergeDestinationRule.
 */
function take(
  pool: Map<string, ConsolidatedRule[]>,
  host: string,
  rule: KubeObject,
  exportTo: ReadonlySet<string>,
) {
  const selector = selectorOf(rule);
  const known = pool.get(host) ?? [];
  pool.set(host, known);
  let standsAlone = true;
  known.forEach((other, position) => {
    const isAlike = isSubset(exportTo, other.exportTo, 'equal');
    const isWider =
      other.exportTo.size > 0 && isSubset(other.exportTo, exportTo);
    standsAlone = !isAlike;
    if (!isAlike && !isWider) {
      return;
    }
    const isSame = haveSameSelector(selector, other.selector);
    if (selector && other.selector && !isSame) {
      standsAlone = true;
      return;
    }
    standsAlone &&= !isSame;
    known[position] = { ...other, rules: [...other.rules, rule] };
  });
  if (standsAlone) {
    const namespace = namespaceOf(rule);
    known.push({ namespace, exportTo, selector, rules: [rule] });
  }
}

function isSubset(
  small: ReadonlySet<string>,
  large: ReadonlySet<string>,
  equal?: 'equal',
): boolean {
  return (
    (!equal || small.size === large.size) &&
    [...small].every(scope => large.has(scope))
  );
}

function haveSameSelector(
  one: Record<string, string> | undefined,
  other: Record<string, string> | undefined,
): boolean {
  if (!one || !other) {
    return one === other;
  }
  return (
    fieldsOf(one).length === fieldsOf(other).length &&
    fieldsOf(one).every(([key, value]) => ownField(other, key) === value)
  );
}
