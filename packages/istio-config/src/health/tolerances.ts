import { RE2JS } from 're2js';
import { ownField } from '../kube/reading';
import type { RateConfig, Tolerance } from './types';

/** Kiali's own tolerances. Source: kiali config/config.go, HealthConfig. @public */
export const DEFAULT_TOLERANCES: readonly Tolerance[] = [
  { code: '5XX', protocol: 'http', direction: '.*', degraded: 0, failure: 10 },
  { code: '4XX', protocol: 'http', direction: '.*', degraded: 10, failure: 20 },
  {
    code: '^[1-9]$|^1[0-6]$',
    protocol: 'grpc',
    direction: '.*',
    degraded: 0,
    failure: 10,
  },
  {
    code: '^-$',
    protocol: 'http|grpc',
    direction: '.*',
    degraded: 0,
    failure: 10,
  },
];

const ANNOTATION = 'health.kiali.io/rate';

/**
 * The tolerances for an object: those of its annotation `health.kiali.io/rate`, else of the first configuration that fits, else
 * Kiali's. Source: kiali business/health_config.go.
 * @public
 */
export function tolerancesFor(
  object: {
    namespace: string;
    kind: string;
    name: string;
    annotations?: Record<string, string>;
  },
  configs: readonly RateConfig[] = [],
): readonly Tolerance[] {
  const written: unknown = ownField(object.annotations, ANNOTATION);
  const own =
    typeof written === 'string' ? tolerancesFromText(written) : undefined;
  const config = configs.find(
    ({ namespace, kind, name }) =>
      fits(namespace, object.namespace) &&
      fits(kind, object.kind) &&
      fits(name, object.name),
  );
  return own ?? config?.tolerance ?? DEFAULT_TOLERANCES;
}

/** `code,degraded,failure,protocol,direction;…`; undefined where a part of it is not of that form. */
export function tolerancesFromText(text: string): Tolerance[] | undefined {
  const parts = text.split(';').filter(part => part.trim() !== '');
  const tolerances = parts.map(part => {
    const [code, degraded, failure, protocol, direction, ...more] = part
      .split(',')
      .map(word => word.trim());
    return {
      code,
      degraded: Number(degraded),
      failure: Number(failure),
      protocol,
      direction,
      isComplete: Boolean(code && protocol && direction) && more.length === 0,
    };
  });
  return tolerances.length > 0 &&
    tolerances.every(
      ({ isComplete, degraded, failure }) =>
        isComplete && Number.isFinite(degraded) && Number.isFinite(failure),
    )
    ? tolerances.map(({ isComplete: _complete, ...tolerance }) => tolerance)
    : undefined;
}

/** Whether an expression fits; without one everything does. RE2: whoever configures it must not be able to stall us. */
export function fits(expression: string | undefined, text: string): boolean {
  if (!expression) {
    return true;
  }
  try {
    // Kiali writes 5XX for all codes from 500 on.
    const pattern = /^\dXX$/i.test(expression)
      ? `^${expression[0]}\\d\\d$`
      : expression;
    return RE2JS.compile(pattern).matcher(text).find();
  } catch {
    return false;
  }
}
