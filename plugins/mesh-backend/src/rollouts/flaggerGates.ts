import { itemsOf, ownField } from '@meshdeck/istio-config';
import type { RolloutGate } from '@meshdeck/plugin-mesh-common';
import { limitWords, VersionNumbers, VersionPair } from './gates';
import { numberOf, textOf } from './reading';

const MOST_GATES = 50;

/** Webhooks that a rollout waits for or fails by; those that only tell somebody are none. */
const ASKING_HOOKS = [
  'confirm-rollout',
  'pre-rollout',
  'rollout',
  'confirm-traffic-increase',
  'confirm-promotion',
];

interface Limits {
  min?: number;
  max?: number;
}

/** A metric that Flagger and the portal both can measure. */
interface BuiltIn {
  unit: string;
  /** Which side the older field `threshold` limits. */
  side: keyof Limits;
  words(limit: string): string;
  measure(numbers: VersionNumbers): number | undefined;
}

/** Flagger's two built-in metrics, as its Istio queries define them (https://docs.flagger.app/usage/metrics#builtin-metrics). */
const BUILT_IN: Record<string, BuiltIn> = {
  'request-success-rate': {
    unit: ' %',
    side: 'min',
    words: limit => `${limit} succeed`,
    measure: ({ errorShare }) =>
      errorShare === undefined ? undefined : (1 - errorShare) * 100,
  },
  'request-duration': {
    unit: ' ms',
    side: 'max',
    words: limit => `p99 ${limit}`,
    measure: ({ p99Ms }) => p99Ms,
  },
};

/** What has to hold at each interval: spec.analysis.metrics and the webhooks that are asked. */
export function flaggerGates(
  analysis: unknown,
  now: { numbers: VersionPair; isAtWork: boolean },
): RolloutGate[] {
  const metrics = itemsOf(ownField(analysis, 'metrics')).map(metric =>
    metricGate(metric, now),
  );
  const hooks = itemsOf(ownField(analysis, 'webhooks')).flatMap(hook =>
    hookGate(hook),
  );
  return [...metrics, ...hooks].slice(0, MOST_GATES);
}

function metricGate(
  metric: unknown,
  now: { numbers: VersionPair; isAtWork: boolean },
): RolloutGate {
  const name = textOf(ownField(metric, 'name')) ?? 'a metric without a name';
  const template = ownField(metric, 'templateRef');
  const isOwnQuery =
    template !== undefined || textOf(ownField(metric, 'query')) !== undefined;
  const known =
    !isOwnQuery && Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  const limits = limitsOf(metric, known?.side ?? 'max');
  const limit = limitWords(limits, known?.unit);
  const gate = {
    name,
    words: limit ? known?.words(limit) ?? limit : 'no threshold is set',
    interval: textOf(ownField(metric, 'interval')) ?? '1m',
  };
  if (!known) {
    const source = textOf(ownField(template, 'name'));
    return {
      ...gate,
      verdict: 'unknown',
      reason: source
        ? `Flagger asks MetricTemplate ${source} and does not write down the answer.`
        : 'Flagger asks a query of its own and does not write down the answer.',
    };
  }
  return { ...gate, ...measured(known, limits, now) };
}

function measured(
  known: BuiltIn,
  limits: Limits,
  { numbers, isAtWork }: { numbers: VersionPair; isAtWork: boolean },
): Pick<RolloutGate, 'stable' | 'canary' | 'verdict' | 'reason'> {
  const value = numbers.canary && known.measure(numbers.canary);
  const shown = {
    stable: show(numbers.stable && known.measure(numbers.stable), known),
    canary: show(value, known),
  };
  if (!isAtWork) {
    return {
      ...shown,
      verdict: 'unknown',
      reason: 'Judged only while a new version is analysed.',
    };
  }
  if (value === undefined || !numbers.canary?.requestsPerSecond) {
    return {
      ...shown,
      verdict: 'unknown',
      reason: 'No requests to the canary were seen just now.',
    };
  }
  const { min = -Infinity, max = Infinity } = limits;
  if (min === -Infinity && max === Infinity) {
    return { ...shown, verdict: 'unknown', reason: 'There is no threshold.' };
  }
  return {
    ...shown,
    verdict: value >= min && value <= max ? 'ok' : 'failed',
    // Flagger's own answer is not in the Canary; this is the same question asked now.
    reason: `${shown.canary}, measured by Istio.`,
  };
}

function show(value: number | undefined, { unit }: BuiltIn) {
  return value === undefined
    ? undefined
    : `${Math.round(value * 10) / 10}${unit}`;
}

function limitsOf(metric: unknown, side: keyof Limits): Limits {
  const range = ownField(metric, 'thresholdRange');
  const limits = {
    min: numberOf(ownField(range, 'min')),
    max: numberOf(ownField(range, 'max')),
  };
  if (limits.min !== undefined || limits.max !== undefined) {
    return limits;
  }
  const older = numberOf(ownField(metric, 'threshold'));
  return older ? { [side]: older } : {};
}

function hookGate(hook: unknown): RolloutGate[] {
  const type = textOf(ownField(hook, 'type')) ?? 'rollout';
  return ASKING_HOOKS.includes(type)
    ? [
        {
          name: textOf(ownField(hook, 'name')) ?? type,
          words: `its ${type} webhook answers 2xx`,
          verdict: 'unknown',
          reason: 'Flagger calls it and does not write down the answer.',
        },
      ]
    : [];
}
