import type { RouteRule } from './types';

const BY_CONDITION: Record<string, (status: number) => boolean> = {
  '5xx': status => status >= 500 && status < 600,
  'gateway-error': status => [502, 503, 504].includes(status),
  'retriable-4xx': status => status === 409,
};

/**
 * How often a rule sends a request again that is answered with a status each time. Without a condition of its own it minds
 * connections alone, and so does Istio’s default. Source: istio pilot/pkg/networking/core/route/retry/retry.go.
 */
export function triesAfter(
  { retries }: Pick<RouteRule, 'retries'>,
  status: number,
): number {
  const { attempts = 0, retryOn = '' } = retries ?? {};
  const isMinded = retryOn
    .split(',')
    .map(condition => condition.trim())
    .some(condition =>
      Object.hasOwn(BY_CONDITION, condition)
        ? BY_CONDITION[condition](status)
        : condition === String(status),
    );
  return isMinded ? Math.max(0, attempts) : 0;
}
