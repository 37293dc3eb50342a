import { fits } from './tolerances';
import type {
  HealthSign,
  HealthStatus,
  RequestRates,
  Tolerance,
} from './types';

/** With no tolerances at all, Kiali takes these. Source: kiali business/health_calculator.go. */
const WITHOUT_TOLERANCE = { degraded: 0.1, failure: 10 };

/**
 * What the response codes say: of each direction and protocol, the share of requests that a tolerance counts as errors; the worst
 * decides. Source: kiali business/health_calculator.go.
 * @public
 */
export function requestHealth(
  rates: readonly RequestRates[],
  tolerances: readonly Tolerance[],
): HealthSign & { errorPercent?: number } {
  let worst: (HealthSign & { errorPercent: number }) | undefined;
  for (const { direction, protocol, byCode } of rates) {
    const codes = Object.entries(byCode).filter(([, rate]) => rate > 0);
    const total = codes.reduce((sum, [, rate]) => sum + rate, 0);
    if (total === 0) {
      continue;
    }
    for (const tolerance of tolerances.length > 0
      ? tolerances.filter(
          one => fits(one.protocol, protocol) && fits(one.direction, direction),
        )
      : [anyError(protocol)]) {
      const failed = codes
        .filter(([code]) => fits(tolerance.code, code))
        .reduce((sum, [, rate]) => sum + rate, 0);
      const errorPercent = (100 * failed) / total;
      const status = statusOf(errorPercent, tolerance);
      if (!worst || isWorse(status, errorPercent, worst)) {
        worst = {
          about: 'requests',
          status,
          errorPercent,
          reason: reasonOf(errorPercent, tolerance, direction, protocol),
        };
      }
    }
    worst ??= {
      about: 'requests',
      status: 'healthy',
      errorPercent: 0,
      reason: `no tolerance concerns its ${direction} ${protocol} requests`,
    };
  }
  return (
    worst ?? { about: 'requests', status: 'unknown', reason: 'no requests' }
  );
}

function anyError(protocol: string): Tolerance {
  return {
    ...WITHOUT_TOLERANCE,
    code: protocol === 'grpc' ? '^[1-9]$|^1[0-6]$|^-$' : '^[45]\\d\\d$|^-$',
    protocol: '',
    direction: '',
  };
}

function statusOf(
  errorPercent: number,
  { degraded, failure }: Tolerance,
): HealthStatus {
  if (errorPercent <= 0) {
    return 'healthy';
  }
  if (errorPercent >= failure) {
    return 'failing';
  }
  return errorPercent >= degraded ? 'degraded' : 'healthy';
}

const ORDER: readonly HealthStatus[] = ['healthy', 'degraded', 'failing'];

function isWorse(
  status: HealthStatus,
  errorPercent: number,
  than: { status: HealthStatus; errorPercent: number },
): boolean {
  const difference = ORDER.indexOf(status) - ORDER.indexOf(than.status);
  return (
    difference > 0 || (difference === 0 && errorPercent > than.errorPercent)
  );
}

function reasonOf(
  errorPercent: number,
  { code, degraded, failure }: Tolerance,
  direction: string,
  protocol: string,
): string {
  const share = Math.round(errorPercent * 100) / 100;
  return errorPercent > 0
    ? `${share} % of its ${direction} ${protocol} requests end in ${nameOf(
        code,
      )} (degraded from ${degraded} %, failing from ${failure} %)`
    : `none of its ${direction} ${protocol} requests fail`;
}

function nameOf(code: string): string {
  switch (code) {
    case '^-$':
      return 'no response';
    case '^[1-9]$|^1[0-6]$':
      return 'a gRPC error';
    default:
      return code.replace(/^\^|\$$/g, '');
  }
}
