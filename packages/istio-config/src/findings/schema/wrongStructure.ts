import { isMap } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { SPEC_SHAPES } from './istioFields';
import { camel, Shape, shapeOf } from './shapes';

/** A field of another kind than Istio's schema says: a map where a list belongs, and the like. */
export const wrongStructure = defineFinding({
  code: 'IST0106',
  level: 'error',
  inputs: Object.keys(SPEC_SHAPES),
  source: 'istio: manifests/charts/base/files/crd-all.gen.yaml',
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      const shape = shapeOf(resource.kind);
      if (shape && /\bistio\.io\//.test(resource.apiVersion)) {
        for (const { path, wanted } of misfits(resource.spec, shape, 'spec')) {
          yield {
            resource,
            path,
            message: `${path} is no ${wanted}, as the schema asks for: the API server refuses the object.`,
            fix:
              wanted === 'list'
                ? 'Begin each item with a dash.'
                : `Write a ${wanted} there.`,
          };
        }
      }
    }
  },
});

function* misfits(
  value: unknown,
  shape: Shape,
  path: string,
): Iterable<{ path: string; wanted: string }> {
  if (value === undefined || value === null || shape.type === 'anything') {
    return;
  }
  if (shape.type === 'list') {
    if (!Array.isArray(value)) {
      yield { path, wanted: 'list' };
      return;
    }
    for (const [index, item] of value.entries()) {
      yield* misfits(item, shape.of, `${path}[${index}]`);
    }
  } else if (shape.type === 'value') {
    if (typeof value === 'object') {
      yield { path, wanted: 'plain value' };
    }
  } else if (!isMap(value)) {
    yield { path, wanted: 'map' };
  } else {
    for (const [field, item] of Object.entries(value)) {
      const known =
        shape.type === 'map'
          ? shape.of
          : shape.fields.get(field) ?? shape.fields.get(camel(field));
      if (known) {
        yield* misfits(item, known, `${path}.${field}`);
      }
    }
  }
}
