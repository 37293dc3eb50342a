import { ofObject } from '../../kube/ofObject';
import { isMap } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { SPEC_SHAPES } from './istioFields';
import { camel, Shape, shapeOf } from './shapes';

interface Misfit {
  path: string;
  message: string;
  fix: string;
}

const misfitsOf = ofObject((resource): readonly Misfit[] => {
  const shape = shapeOf(resource.kind);
  return shape && /\bistio\.io\//.test(resource.apiVersion)
    ? [...misfits(resource.spec, shape, 'spec')]
    : [];
});

/** Something else than Istio's schema asks for: a map where a list belongs, a text for a number, a word that it does not know. */
export const wrongStructure = defineFinding({
  code: 'IST0106',
  level: 'error',
  inputs: Object.keys(SPEC_SHAPES),
  source: 'istio: manifests/charts/base/files/crd-all.gen.yaml',
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      for (const found of misfitsOf(resource)) {
        yield { resource, ...found };
      }
    }
  },
});

function misfit(path: string, wanted: string, fix: string): Misfit {
  return {
    path,
    message: `${path} is no ${wanted}, as the schema asks for: the API server refuses the object.`,
    fix,
  };
}

function* misfits(
  value: unknown,
  shape: Shape,
  path: string,
): Iterable<Misfit> {
  if (value === undefined || value === null || shape.type === 'anything') {
    return;
  }
  if (shape.type === 'list') {
    yield* Array.isArray(value)
      ? itemMisfits(value, shape.of, path)
      : [misfit(path, 'list', 'Begin each item with a dash.')];
  } else if (shape.type === 'map' || shape.type === 'object') {
    yield* isMap(value)
      ? fieldMisfits(value, shape, path)
      : [misfit(path, 'map', 'Write a map there.')];
  } else {
    yield* valueMisfits(value, shape, path);
  }
}

function* itemMisfits(
  items: unknown[],
  of: Shape,
  path: string,
): Iterable<Misfit> {
  for (const [index, item] of items.entries()) {
    const place = `${path}[${index}]`;
    if (item === null || item === undefined) {
      yield misfit(place, 'item', 'Fill it, or remove its dash.');
    } else {
      yield* misfits(item, of, place);
    }
  }
}

function* fieldMisfits(
  map: Record<string, unknown>,
  shape: Extract<Shape, { type: 'map' | 'object' }>,
  path: string,
): Iterable<Misfit> {
  if (shape.type === 'object') {
    yield* alternativeMisfits(map, shape.fields, path);
  }
  for (const [field, item] of Object.entries(map)) {
    const known =
      shape.type === 'map'
        ? shape.of
        : shape.fields.get(field) ?? shape.fields.get(camel(field));
    if (known) {
      yield* misfits(item, known, `${path}.${field}`);
    }
  }
}

/** Fields of which an object can have one. */
const ALTERNATIVES = [
  ['exact', 'prefix', 'regex'],
  ['simple', 'consistentHash'],
  ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
  ['ringHash', 'maglev'],
  ['grpcStatus', 'http2Error', 'httpStatus'],
  ['fixedDelay', 'exponentialDelay'],
  ['string', 'bytes'],
  ['port', 'derivePort'],
  ['httpGet', 'tcpSocket', 'exec', 'grpc'],
  ['literal', 'header', 'environment', 'formatter'],
  ['metric', 'customMetric'],
  ['listener', 'routeConfiguration', 'cluster', 'waypoint'],
];

function* alternativeMisfits(
  map: Record<string, unknown>,
  fields: ReadonlyMap<string, Shape>,
  path: string,
): Iterable<Misfit> {
  for (const group of ALTERNATIVES) {
    if (group.every(field => fields.has(field))) {
      const given = group.filter(field => (map[field] ?? null) !== null);
      if (given.length > 1) {
        yield {
          path: `${path}.${given[1]}`,
          message: `${path} has ${given.join(
            ' and ',
          )}; it can have one of them: the API server refuses the object.`,
          fix: 'Keep one.',
        };
      }
    }
  }
}

type ValueType = Exclude<
  Shape['type'],
  'anything' | 'list' | 'map' | 'object' | 'oneOf'
>;

const VALUES: Record<
  ValueType,
  { fits(value: unknown): boolean; wanted: string; fix: string }
> = {
  text: {
    fits: value => typeof value === 'string',
    wanted: 'text',
    fix: 'Put the value in quotes.',
  },
  whole: {
    fits: value => Number.isInteger(value),
    wanted: 'whole number',
    fix: 'Write a number without quotes and fractions.',
  },
  count: {
    fits: value => Number.isInteger(value) && Number(value) >= 0,
    wanted: 'whole number of 0 or more',
    fix: 'Write a number without sign, quotes and fractions.',
  },
  number: {
    fits: value => typeof value === 'number',
    wanted: 'number',
    fix: 'Write a number without quotes.',
  },
  boolean: {
    fits: value => typeof value === 'boolean',
    wanted: 'boolean',
    fix: 'Write true or false, without quotes.',
  },
};

function* valueMisfits(
  value: unknown,
  shape: Extract<Shape, { type: ValueType | 'oneOf' }>,
  path: string,
): Iterable<Misfit> {
  if (shape.type === 'oneOf') {
    if (!shape.values.includes(String(value))) {
      yield {
        path,
        message: `${path} is ${JSON.stringify(
          value,
        )}, which is not known there: the API server refuses the object.`,
        fix: `Use one of ${shape.values.join(', ')}.`,
      };
    }
  } else if (typeof value === 'object') {
    yield misfit(path, 'plain value', 'Write a plain value there.');
  } else if (!VALUES[shape.type].fits(value)) {
    yield misfit(path, VALUES[shape.type].wanted, VALUES[shape.type].fix);
  }
}
