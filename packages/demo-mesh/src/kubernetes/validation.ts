import { type KubeObject, ownField } from '@meshdeck/istio-config';
import { isObject } from './json';
import { badRequest, type StatusCause } from './StatusError';
import type { ResourceType } from './resources';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const DNS_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

function matches(pattern: string, text: string, maxLength: number): boolean {
  // Checking the length first keeps the pattern from running over a long hostile name.
  return text.length <= maxLength && new RegExp(`^${pattern}$`).test(text);
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : `${value}`;
}

export function invalidValue(
  field: string,
  value: unknown,
  why: string,
): StatusCause {
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${quoted(value)}: ${why}`,
    field,
  };
}

export function requiredValue(field: string, why?: string): StatusCause {
  return {
    reason: 'FieldValueRequired',
    message: `Required value${why ? `: ${why}` : ''}`,
    field,
  };
}

function nameCauses(resource: ResourceType, name: string): StatusCause[] {
  const field = 'metadata.name';
  if (resource.kind === 'Service' && resource.group === '') {
    return matches(DNS_1035, name, 63)
      ? []
      : [
          invalidValue(
            field,
            name,
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
          ),
        ];
  }
  if (resource.kind === 'Namespace') {
    return matches(LABEL, name, 63)
      ? []
      : [
          invalidValue(
            field,
            name,
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
          ),
        ];
  }
  return matches(SUBDOMAIN, name, 253)
    ? []
    : [
        invalidValue(
          field,
          name,
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        ),
      ];
}

function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  return (
    name.length <= 63 &&
    QUALIFIED.test(name) &&
    (slash === -1 || matches(SUBDOMAIN, key.slice(0, slash), 253))
  );
}

const QUALIFIED_NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

function labelCauses(
  labels: Record<string, string>,
  field: string,
): StatusCause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    if (!isQualifiedName(key))
      return [invalidValue(field, key, QUALIFIED_NAME)];
    if (value.length > 63)
      return [invalidValue(field, value, 'must be no more than 63 characters')];
    return value === '' || QUALIFIED.test(value)
      ? []
      : [
          invalidValue(
            field,
            value,
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
          ),
        ];
  });
}

function metadataCauses(
  resource: ResourceType,
  object: KubeObject,
): StatusCause[] {
  const { name, labels = {}, annotations = {} } = object.metadata;
  return [
    ...nameCauses(resource, name),
    ...labelCauses(labels, 'metadata.labels'),
    ...Object.keys(annotations)
      .filter(key => !isQualifiedName(key.toLowerCase()))
      .map(key => invalidValue('metadata.annotations', key, QUALIFIED_NAME)),
  ];
}

function workloadCauses(spec: Record<string, any>): StatusCause[] {
  const { selector, template } = spec;
  const causes: StatusCause[] = [];
  if (!isObject(selector)) causes.push(requiredValue('spec.selector'));
  const wanted = Object.entries(selector?.matchLabels ?? {});
  const labels = template?.metadata?.labels ?? {};
  if (wanted.some(([key, value]) => ownField(labels, key) !== value)) {
    causes.push(
      invalidValue(
        'spec.template.metadata.labels',
        JSON.stringify(labels),
        '`selector` does not match template `labels`',
      ),
    );
  }
  if (!(spec.replicas === undefined || spec.replicas >= 0)) {
    causes.push(
      invalidValue(
        'spec.replicas',
        spec.replicas,
        'must be greater than or equal to 0',
      ),
    );
  }
  return [...causes, ...podCauses(template?.spec ?? {}, 'spec.template.spec')];
}

function podCauses(spec: Record<string, any>, path: string): StatusCause[] {
  const containers: unknown = spec.containers;
  if (!Array.isArray(containers) || containers.length === 0)
    return [requiredValue(`${path}.containers`)];
  return containers.flatMap((container, index) => [
    ...(container?.name
      ? []
      : [requiredValue(`${path}.containers[${index}].name`)]),
    ...(container?.image
      ? []
      : [requiredValue(`${path}.containers[${index}].image`)]),
  ]);
}

function serviceCauses(spec: Record<string, any>): StatusCause[] {
  if (spec.type === 'ExternalName') return [];
  const ports: unknown[] = Array.isArray(spec.ports) ? spec.ports : [];
  if (ports.length === 0 && spec.clusterIP !== 'None')
    return [requiredValue('spec.ports')];
  return ports.flatMap((port, index) => {
    const number = isObject(port) ? Number(port.port) : NaN;
    return number >= 1 && number <= 65535
      ? []
      : [
          invalidValue(
            `spec.ports[${index}].port`,
            isObject(port) ? port.port : port,
            'must be between 1 and 65535, inclusive',
          ),
        ];
  });
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

/** A spec that isn't one; a custom kind's own schema says it better. */
function partCauses(object: KubeObject): StatusCause[] {
  return ['spec', 'status']
    .filter(field => object[field] !== undefined && !isObject(object[field]))
    .map(field => {
      const actual = Array.isArray(object[field])
        ? 'array'
        : typeof object[field];
      return invalidValue(
        field,
        actual,
        `${field} in body must be of type object: "${actual}"`,
      );
    });
}

/** What is wrong with an object, apart from a custom kind's own schema. */
export function objectCauses(
  resource: ResourceType,
  object: KubeObject,
): StatusCause[] {
  const causes = [...metadataCauses(resource, object), ...partCauses(object)];
  if (!resource.builtIn) return causes;
  const spec = isObject(object.spec) ? object.spec : {};
  if (WORKLOADS.includes(resource.kind))
    return [...causes, ...workloadCauses(spec)];
  if (resource.kind === 'Pod') return [...causes, ...podCauses(spec, 'spec')];
  if (resource.kind === 'Service') return [...causes, ...serviceCauses(spec)];
  return causes;
}

/** What may not change once an object exists. */
export function changeCauses(
  resource: ResourceType,
  before: KubeObject,
  after: KubeObject,
): StatusCause[] {
  if (!WORKLOADS.includes(resource.kind)) return [];
  const [old, now] = [before, after].map(object =>
    JSON.stringify(object.spec?.selector),
  );
  return old === now
    ? []
    : [invalidValue('spec.selector', now, 'field is immutable')];
}

function isTextMap(value: unknown): boolean {
  return (
    value === undefined ||
    (isObject(value) && Object.values(value).every(v => typeof v === 'string'))
  );
}

/** Whether a body has the shape of an object at all: a real server fails to decode it otherwise. */
export function assertDecodable(body: unknown): asserts body is KubeObject {
  if (!isObject(body))
    throw badRequest(
      'the object provided is unrecognized: it is not an object',
    );
  const { metadata = {} } = body;
  if (!isObject(metadata))
    throw badRequest('metadata: the value must be an object');
  for (const field of [
    'name',
    'generateName',
    'namespace',
    'resourceVersion',
    'uid',
  ]) {
    if (metadata[field] !== undefined && typeof metadata[field] !== 'string')
      throw badRequest(`metadata.${field}: the value must be a string`);
  }
  for (const field of ['labels', 'annotations']) {
    if (!isTextMap(metadata[field]))
      throw badRequest(`metadata.${field}: the value must be a map of strings`);
  }
  for (const field of ['finalizers', 'ownerReferences', 'managedFields']) {
    if (metadata[field] !== undefined && !Array.isArray(metadata[field]))
      throw badRequest(`metadata.${field}: the value must be a list`);
  }
}
