import type { KubeObject } from '@meshdeck/istio-config';
import { isObject } from './json';
import { groupOf } from './resources';
import type { StatusCause } from './StatusError';
import { invalidValue, requiredValue } from './validation';

interface SchemaError {
  instancePath: string;
  keyword: string;
  params: Record<string, unknown>;
  message?: string;
}

interface Model {
  validate(): void;
}

/** Says what is wrong with an Istio object. */
export type IstioValidator = (object: KubeObject) => StatusCause[];

let loading: Promise<IstioValidator> | undefined;

export function isIstio(apiVersion: string): boolean {
  return groupOf(apiVersion).endsWith('.istio.io');
}

/** Loads Istio's schemas once; they come as ES modules only, so this can't be done at start. */
export function istioValidator(): Promise<IstioValidator> {
  loading ??= load();
  return loading;
}

async function load(): Promise<IstioValidator> {
  // One after the other: Jest can't link modules that several imports share at the same time.
  const versions = [
    await import('@kubernetes-models/istio/networking.istio.io/v1'),
    await import(
      '@kubernetes-models/istio/networking.istio.io/v1beta1/ProxyConfig'
    ),
    await import(
      '@kubernetes-models/istio/networking.istio.io/v1alpha3/EnvoyFilter'
    ),
    await import('@kubernetes-models/istio/networking.istio.io/v1beta1'),
    await import('@kubernetes-models/istio/networking.istio.io/v1alpha3'),
    await import('@kubernetes-models/istio/security.istio.io/v1'),
    await import('@kubernetes-models/istio/telemetry.istio.io/v1'),
    await import('@kubernetes-models/istio/extensions.istio.io/v1alpha1'),
  ];
  const models = new Map<string, new (data: object) => Model>();
  for (const model of versions.flatMap((version): unknown[] =>
    Object.values(version),
  )) {
    if (typeof model === 'function' && 'apiVersion' in model) {
      const { apiVersion, kind } = model as unknown as {
        apiVersion: string;
        kind: string;
      };
      models.set(
        `${apiVersion}/${kind}`,
        model as unknown as new (data: object) => Model,
      );
    }
  }
  return object => {
    const Kind = models.get(`${object.apiVersion}/${object.kind}`);
    return Kind ? [...schemaCauses(Kind, object), ...ruleCauses(object)] : [];
  };
}

/** A hostile object can be wrong in thousands of places; nobody reads more than the first. */
const MAX_CAUSES = 20;

function schemaCauses(
  Kind: new (data: object) => Model,
  object: KubeObject,
): StatusCause[] {
  // The metadata is checked elsewhere, for all kinds alike.
  const { apiVersion: _, kind: __, metadata: ___, ...content } = object;
  try {
    new Kind({ metadata: { name: 'x' }, ...content }).validate();
    return [];
  } catch (error) {
    const errors = (error as { errors?: SchemaError[] }).errors;
    if (!Array.isArray(errors)) throw error;
    return errors.slice(0, MAX_CAUSES).map(each => causeOf(each, object));
  }
}

function causeOf(error: SchemaError, object: KubeObject): StatusCause {
  const segments = error.instancePath
    .split('/')
    .slice(1)
    .map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  const field = pathOf(segments);
  if (error.keyword === 'required')
    return requiredValue(
      pathOf([...segments, `${error.params.missingProperty}`]),
    );
  const value = segments.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null && Object.hasOwn(part, key)
        ? (part as Record<string, unknown>)[key]
        : undefined,
    object,
  );
  switch (error.keyword) {
    case 'enum':
      return {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(
          value,
        )}: supported values: ${(
          (error.params.allowedValues as unknown[]) ?? []
        )
          .map(allowed => JSON.stringify(allowed))
          .join(', ')}`,
        field,
      };
    case 'type': {
      const actual = kindOf(value);
      return invalidValue(
        field,
        actual,
        `${field} in body must be of type ${error.params.type}: "${actual}"`,
      );
    }
    default:
      return invalidValue(
        field,
        typeof value === 'object' ? '' : value,
        `${field} in body ${error.message ?? 'is not valid'}`,
      );
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return value === null ? 'null' : typeof value;
}

function pathOf(segments: string[]): string {
  return segments
    .map(segment => (/^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`))
    .join('')
    .replace(/^\./, '');
}

/** Fields that hold a duration wherever they stand in an Istio object. */
const DURATIONS = new Set([
  'interval',
  'timeout',
  'idleTimeout',
  'connectTimeout',
  'maxConnectionDuration',
  'time',
  'duration',
  'warmupDurationSecs',
  'baseEjectionTime',
  'maxAge',
  'exponentialDelay',
  'fixedDelay',
  'backoff',
  'perTryTimeout',
  'reportingInterval',
]);
const DURATION = /^([-+]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$/;
const UNIT_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

function isLongEnough(text: string): boolean {
  if (text.length > 100 || !DURATION.test(text)) return false;
  const parts = [...text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)];
  const ms = parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit],
    0,
  );
  return !text.startsWith('-') && ms >= 1;
}

/** The rules beside the schema that Istio's definitions carry as expressions: those that people run into. */
function ruleCauses(object: KubeObject): StatusCause[] {
  const spec = isObject(object.spec) ? object.spec : {};
  const causes = durationCauses(spec, 'spec');
  if (
    object.kind === 'PeerAuthentication' &&
    spec.portLevelMtls !== undefined
  ) {
    const selector = isObject(spec.selector) ? spec.selector : {};
    if (Object.keys(selector.matchLabels ?? {}).length === 0)
      causes.push(
        invalidValue('spec', 'object', 'portLevelMtls requires selector'),
      );
  }
  if (spec.selector !== undefined && spec.targetRefs !== undefined) {
    causes.push(
      invalidValue(
        'spec',
        'object',
        'only one of targetRefs or selector can be set',
      ),
    );
  }
  return causes.slice(0, MAX_CAUSES);
}

function durationCauses(value: unknown, path: string): StatusCause[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      durationCauses(item, `${path}[${index}]`),
    );
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, content]) => {
    const at = `${path}.${field}`;
    if (typeof content !== 'string') return durationCauses(content, at);
    return DURATIONS.has(field) && !isLongEnough(content)
      ? [invalidValue(at, content, 'must be a valid duration greater than 1ms')]
      : [];
  });
}
