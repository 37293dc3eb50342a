import { editDistance } from '../../editDistance';
import { ofObject } from '../../kube/ofObject';
import { isMap } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { SPEC_SHAPES } from './istioFields';
import { camel, Shape, shapeOf } from './shapes';

interface UnknownField {
  path: string;
  field: string;
  siblings: string[];
}

const unknownFieldsOf = ofObject((resource): readonly UnknownField[] => {
  const shape = shapeOf(resource.kind);
  return shape && /\bistio\.io\//.test(resource.apiVersion)
    ? [...unknownIn(resource.spec, shape, 'spec')]
    : [];
});

/** A field that Istio's schema does not have: the API server drops it or refuses the object, and nothing happens. */
export const unknownField = defineFinding({
  code: 'MD0105',
  level: 'error',
  inputs: Object.keys(SPEC_SHAPES),
  source: 'istio: manifests/charts/base/files/crd-all.gen.yaml',
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      for (const { path, field, siblings } of unknownFieldsOf(resource)) {
        const near = nearest(field, siblings) ?? elsewhere(field);
        yield {
          resource,
          path: `${path}.${field}`,
          message: `${path} has no field ${field}: the API server drops it or refuses the object, so it has no effect.`,
          fix: near
            ? `It is probably meant as ${near}.`
            : `Remove it, or use one of ${siblings.slice(0, 12).join(', ')}.`,
        };
      }
    }
  },
});

function* unknownIn(
  value: unknown,
  shape: Shape,
  path: string,
): Iterable<UnknownField> {
  if (shape.type === 'list') {
    for (const [index, item] of (Array.isArray(value) ? value : []).entries()) {
      yield* unknownIn(item, shape.of, `${path}[${index}]`);
    }
  } else if (shape.type === 'map') {
    for (const [key, item] of isMap(value) ? Object.entries(value) : []) {
      yield* unknownIn(item, shape.of, `${path}.${key}`);
    }
  } else if (shape.type === 'object' && isMap(value)) {
    for (const [field, item] of Object.entries(value)) {
      const known = shape.fields.get(field) ?? shape.fields.get(camel(field));
      if (known) {
        yield* unknownIn(item, known, `${path}.${field}`);
      } else {
        yield { path, field, siblings: [...shape.fields.keys()] };
      }
    }
  }
}

const MEANT: ReadonlyMap<string, string> = new Map([
  [
    'circuitBreaker',
    'outlierDetection (when to eject a host) and connectionPool (how much to send)',
  ],
  ['circuitBreakers', 'outlierDetection and connectionPool'],
  ['consecutiveGatewayFailure', 'consecutiveGatewayErrors'],
  ['keepAlive', 'tcpKeepalive'],
]);

function elsewhere(field: string): string | undefined {
  return MEANT.get(field);
}

/** A sibling one or two letters away. */
function nearest(field: string, siblings: string[]): string | undefined {
  return siblings.find(
    sibling =>
      sibling.toLowerCase() === field.toLowerCase() ||
      (Math.abs(sibling.length - field.length) <= 2 &&
        sibling.length > 4 &&
        editDistance(sibling, field) <= 2),
  );
}
