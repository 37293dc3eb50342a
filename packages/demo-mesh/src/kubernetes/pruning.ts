import type { KubeObject } from '@meshdeck/istio-config';
import { specFields, type KnownFields } from './istioFields';
import { isIstio } from './istioSchemas';
import { isObject } from './json';

const PARTS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

/** An Istio object without the fields that its definition doesn't know, as API servers keep it. */
export function prune(object: KubeObject): {
  object: KubeObject;
  /** Paths of what was left out. */
  unknown: string[];
} {
  const fields = isIstio(object.apiVersion)
    ? specFields(object.kind)
    : undefined;
  if (!fields) return { object, unknown: [] };
  const unknown = Object.keys(object).filter(part => !PARTS.includes(part));
  const kept = Object.fromEntries(
    PARTS.filter(part => object[part] !== undefined).map(part => [
      part,
      part === 'spec'
        ? pruneValue(object.spec, fields, 'spec', unknown)
        : object[part],
    ]),
  );
  return { object: kept as KubeObject, unknown };
}

function pruneValue(
  value: unknown,
  fields: KnownFields,
  path: string,
  unknown: string[],
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      pruneValue(item, fields, `${path}[${index}]`, unknown),
    );
  }
  if (!isObject(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [name, content] of Object.entries(value)) {
    const at = `${path}.${name}`;
    if (!fields.has(name)) {
      unknown.push(at);
      continue;
    }
    const below = fields.get(name);
    kept.push([
      name,
      below ? pruneValue(content, below, at, unknown) : content,
    ]);
  }
  return Object.fromEntries(kept);
}
