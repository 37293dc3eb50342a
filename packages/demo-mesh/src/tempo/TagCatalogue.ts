import { serviceNames } from '../jaeger/catalogue';
import type { Traffic } from '../traffic/Traffic';
import { TempoSearch, TempoWindow } from './TempoSearch';
import type { Condition } from './traceql/expressions';
import { INTRINSIC_NAMES, readField } from './traceql/readField';

/** So many of the newest traces are looked through for tags and their values. */
const LOOKED_THROUGH = 200;
const EVERYTHING: Condition = { type: 'constant', value: true };

export interface TagValue {
  type: 'string' | 'int' | 'float' | 'bool' | 'keyword' | 'duration';
  value: string;
}

/** Which tags the recent spans have, and with which values. */
export class TagCatalogue {
  static create(options: {
    search: TempoSearch;
    traffic: Traffic;
  }): TagCatalogue {
    return new TagCatalogue(options.search, options.traffic);
  }

  private constructor(
    private readonly search: TempoSearch,
    private readonly traffic: Traffic,
  ) {}

  async scopes(
    window: TempoWindow,
  ): Promise<{ name: string; tags: string[] }[]> {
    const found = await this.search.find(EVERYTHING, window, LOOKED_THROUGH);
    const spans = found.flatMap(({ trace }) => trace.spans);
    const namesOf = (objects: readonly object[]) => [
      ...new Set(objects.flatMap(Object.keys)),
    ];
    return [
      {
        name: 'resource',
        tags: namesOf(spans.map(({ resource }) => resource)).sort(),
      },
      {
        name: 'span',
        tags: namesOf(spans.map(({ attributes }) => attributes)).sort(),
      },
      { name: 'intrinsic', tags: [...INTRINSIC_NAMES].sort() },
    ];
  }

  /** The values of a field; undefined where the name is none. */
  async values(
    name: string,
    window: TempoWindow,
    condition: Condition | undefined,
  ): Promise<TagValue[] | undefined> {
    const field = readField(name);
    if (!field) {
      return undefined;
    }
    if (field.name === 'service.name' && !condition) {
      return serviceNames(this.traffic).map(value => ({
        type: 'string',
        value,
      }));
    }
    if (field.name === 'status') {
      return ['error', 'ok', 'unset'].map(keyword);
    }
    if (field.name === 'kind') {
      return ['client', 'internal', 'server'].map(keyword);
    }
    const found = await this.search.find(
      condition ?? EVERYTHING,
      window,
      LOOKED_THROUGH,
    );
    const values = new Set(
      found.flatMap(({ trace, spans }) =>
        spans.flatMap(span => trace.valuesOf(span)(field)),
      ),
    );
    return [...values].map(value => ({
      type: typeOf(value),
      value: String(value),
    }));
  }
}

function keyword(value: string): TagValue {
  return { type: 'keyword', value };
}

function typeOf(value: unknown): TagValue['type'] {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'boolean':
      return 'bool';
    default:
      return 'string';
  }
}
