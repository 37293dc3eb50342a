import { createHash } from 'node:crypto';
import {
  isMap,
  itemsOf,
  type MeshObjects,
  ownField,
  pathOf,
  type RuleSource,
  valueAt,
} from '@meshdeck/istio-config';
import type { RuleName } from '@meshdeck/plugin-mesh-common';

/**
 * Names a rule so that no other can be meant, also when it is said later: by its place, and by its own name and the requests that
 * it takes. What it does with them may change, by a colleague's hand or by the very move: it is still that rule.
 */
export function nameRule(set: MeshObjects, source: RuleSource): RuleName {
  const { kind, namespace, name } = source.object;
  const rule: unknown = valueAt(set.get(kind, namespace, name), source.at);
  const matches = kind === 'VirtualService' ? 'match' : 'matches';
  const known = [ownField(rule, 'name'), itemsOf(ownField(rule, matches))];
  return {
    object: source.object,
    path: pathOf(source.at),
    digest: createHash('sha256')
      .update(JSON.stringify(canonical(known)))
      .digest('hex')
      .slice(0, 32),
  };
}

/** Whether it is that rule, and not only one at its place. */
export function isNamed(
  set: MeshObjects,
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
