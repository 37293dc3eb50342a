import { type KubeObject, type Shape, shapeOf } from '@meshdeck/istio-config';
import { isIstio } from './istioSchemas';
import { isObject } from './json';

const PARTS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

/** An Istio object without the fields that its definition doesn't know, as API servers keep it. */
export function prune(object: KubeObject): {
  object: KubeObject;
  /** Paths of what was left out. */
  unknown: string[];
} {
  const shape = isIstio(object.apiVersion) ? shapeOf(object.kind) : undefined;
  if (!shape) return { object, unknown: [] };
  const unknown = Object.keys(object).filter(part => !PARTS.includes(part));
  const kept = Object.fromEntries(
    PARTS.filter(part => object[part] !== undefined).map(part => [
      part,
      part === 'spec'
        ? pruneValue(object.spec, shape, 'spec', unknown)
        : object[part],
    ]),
  );
  return { object: kept as KubeObject, unknown };
}

function pruneValue(
  value: unknown,
  shape: Shape,
  path: string,
  unknown: string[],
): unknown {
  if (shape.type === 'list' && Array.isArray(value)) {
    return value.map((item, index) =>
      pruneValue(item, shape.of, `${path}[${index}]`, unknown),
    );
  }
  if (!isObject(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [name, content] of Object.entries(value)) {
    const at = `${path}.${name}`;
    const below = shapeBelow(shape, name);
    if (below) {
      kept.push([name, pruneValue(content, below, at, unknown)]);
    } else {
      unknown.push(at);
    }
  }
  return Object.fromEntries(kept);
}

/** Undefined for a field that is not known. */
function shapeBelow(shape: Shape, name: string): Shape | undefined {
  switch (shape.type) {
    case 'object':
      return shape.fields.get(name);
    case 'map':
      return shape.of;
    default:
      return shape;
  }
}
