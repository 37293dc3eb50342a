import { createHash } from 'node:crypto';
import {
  isMap,
  itemsOf,
  type MeshConfigSet,
  pathOf,
  type RuleSource,
  valueAt,
} from '@meshdeck/istio-config';
import type { RuleName } from '@meshdeck/plugin-mesh-common';

/** Names a rule so that no other can be meant, also when it is said later: by its place, and by what it says beside its weights. */
export function nameRule(set: MeshConfigSet, source: RuleSource): RuleName {
  const { kind, namespace, name } = source.object;
  const rule: unknown = valueAt(set.get(kind, namespace, name), source.at);
  return {
    object: source.object,
    path: pathOf(source.at),
    digest: createHash('sha256')
      .update(JSON.stringify(canonical(withoutWeights(rule))))
      .digest('hex')
      .slice(0, 32),
  };
}

/** Whether it is that rule, and not only one at its place. */
export function isNamed(
  set: MeshConfigSet,
  source: RuleSource,
  wanted: RuleName,
): boolean {
  const { object, path, digest } = nameRule(set, source);
  return (
    object.kind === wanted.object.kind &&
    object.namespace === wanted.object.namespace &&
    object.name === wanted.object.name &&
    path === wanted.path &&
    digest === wanted.digest
  );
}

function withoutWeights(rule: unknown): unknown {
  if (!isMap(rule)) {
    return rule;
  }
  return {
    ...rule,
    route: itemsOf(rule.route).map(entry => ({ ...entry, weight: undefined })),
  };
}

/** Fields in one order: that of a server's answer is not promised. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(canonical);
  }
  return isMap(value)
    ? Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, field]) => [key, canonical(field)])
    : value;
}
