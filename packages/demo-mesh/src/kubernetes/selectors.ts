import type { KubeObject } from '@meshdeck/istio-config';
import type { ResourceType } from './resources';
import { badRequest } from './StatusError';

export type Selector = (object: KubeObject) => boolean;

type Labels = Record<string, string>;

const KEY = '[A-Za-z0-9][-A-Za-z0-9_./]*';
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const COMPARISON = new RegExp(
  `^(${KEY})\\s*(==|=|!=|>|<)\\s*([^\\s=!<>,()]*)$`,
);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);

/** Cuts at commas that aren't inside parentheses. */
function requirements(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else {
      part += char;
    }
  }
  return [...parts, part.trim()];
}

function labelRequirement(text: string): (labels: Labels) => boolean {
  const valueOf = (labels: Labels, key: string) =>
    Object.hasOwn(labels, key) ? labels[key] : undefined;

  const inSet = SET.exec(text);
  if (inSet) {
    const [, key, operator, list] = inSet;
    const values = new Set(list.split(',').map(value => value.trim()));
    return labels => {
      const value = valueOf(labels, key);
      const isIn = value !== undefined && values.has(value);
      return operator === 'in' ? isIn : !isIn;
    };
  }
  const comparison = COMPARISON.exec(text);
  if (comparison) {
    const [, key, operator, wanted] = comparison;
    return labels => {
      const value = valueOf(labels, key);
      switch (operator) {
        case '!=':
          return value !== wanted;
        case '>':
          return value !== undefined && Number(value) > Number(wanted);
        case '<':
          return value !== undefined && Number(value) < Number(wanted);
        default:
          return value === wanted;
      }
    };
  }
  const exists = EXISTS.exec(text);
  if (exists) {
    const [, not, key] = exists;
    return labels => (valueOf(labels, key) !== undefined) === (not === '');
  }
  throw badRequest(
    `unable to parse requirement: found '${text}', expected: identifier`,
  );
}

/** `app=web,version in (v1,v2),!legacy` */
export function labelSelector(text: string | undefined): Selector | undefined {
  if (!text?.trim()) return undefined;
  const wanted = requirements(text).map(labelRequirement);
  return object => {
    const labels = object.metadata.labels ?? {};
    return wanted.every(matches => matches(labels));
  };
}

const COMMON_FIELDS: Record<string, (object: KubeObject) => unknown> = {
  'metadata.name': object => object.metadata.name,
  'metadata.namespace': object => object.metadata.namespace,
};

const FIELDS: Record<
  string,
  Record<string, (object: KubeObject) => unknown>
> = {
  Pod: {
    'spec.nodeName': object => object.spec?.nodeName,
    'spec.serviceAccountName': object => object.spec?.serviceAccountName,
    'status.phase': object => object.status?.phase,
    'status.podIP': object => object.status?.podIP,
  },
  Namespace: { 'status.phase': object => object.status?.phase },
  Secret: { type: object => object.type },
  ReplicaSet: { 'status.replicas': object => object.status?.replicas },
  Event: {
    'involvedObject.kind': object => object.involvedObject?.kind,
    'involvedObject.name': object => object.involvedObject?.name,
    'involvedObject.namespace': object => object.involvedObject?.namespace,
    'involvedObject.uid': object => object.involvedObject?.uid,
    reason: object => object.reason,
    type: object => object.type,
  },
};

/** `metadata.name=web,status.phase!=Failed` */
export function fieldSelector(
  text: string | undefined,
  resource: ResourceType,
): Selector | undefined {
  if (!text?.trim()) return undefined;
  const fields = new Map([
    ...Object.entries(COMMON_FIELDS),
    ...Object.entries(FIELDS[resource.kind] ?? {}),
  ]);
  const wanted = requirements(text)
    .filter(part => part !== '')
    .map(part => {
      const parsed = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(part);
      if (!parsed) {
        throw badRequest(
          `invalid selector: '${text}'; can't understand '${part}'`,
        );
      }
      const [, field, operator, value] = parsed;
      const read = fields.get(field);
      if (!read) throw badRequest(`field label not supported: ${field}`);
      return (object: KubeObject) =>
        (`${read(object) ?? ''}` === value) === (operator !== '!=');
    });
  return object => wanted.every(matches => matches(object));
}

/** Both selectors of a request and its namespace in one. */
export function selection(options: {
  resource: ResourceType;
  namespace?: string;
  labels?: string;
  fields?: string;
}): Selector {
  const { resource, namespace, labels, fields } = options;
  const byLabels = labelSelector(labels);
  const byFields = fieldSelector(fields, resource);
  return object =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (byLabels?.(object) ?? true) &&
    (byFields?.(object) ?? true);
}
