import { itemsOf, MeshObjects, ownField } from '@meshdeck/istio-config';
import type { RolloutGate } from '@meshdeck/plugin-mesh-common';
import { textOf } from './reading';

const MOST_GATES = 50;

/** What an AnalysisRun's phases come to (https://argo-rollouts.readthedocs.io/en/stable/features/analysis/). */
const VERDICTS: Record<string, RolloutGate['verdict']> = {
  Successful: 'ok',
  Failed: 'failed',
  Error: 'failed',
};

interface ArgoFacts {
  namespace: string;
  /** spec.strategy.canary */
  canary: unknown;
  steps: readonly unknown[];
  status: unknown;
  at: number | undefined;
}

/** The metrics of the runs under way, and the analyses that are still to come. */
export function argoGates(set: MeshObjects, facts: ArgoFacts): RolloutGate[] {
  const canary = ownField(facts.status, 'canary');
  const runs = [
    ownField(canary, 'currentStepAnalysisRunStatus'),
    ownField(canary, 'currentBackgroundAnalysisRunStatus'),
  ]
    .filter(run => textOf(ownField(run, 'name')) !== undefined)
    .flatMap(run => gatesOfRun(set, facts.namespace, run));
  return [...runs, ...upcomingGates(facts, runs.length > 0)].slice(
    0,
    MOST_GATES,
  );
}

/** A run's metrics where the portal may read it, else the run as the Rollout tells of it. */
function gatesOfRun(
  set: MeshObjects,
  namespace: string,
  told: unknown,
): RolloutGate[] {
  const name = textOf(ownField(told, 'name')) ?? '';
  const run = set.get('AnalysisRun', namespace, name);
  const metrics = itemsOf(ownField(run?.spec, 'metrics'));
  if (metrics.length === 0) {
    const phase = textOf(ownField(told, 'status'));
    return [
      {
        name,
        words: 'its analysis run succeeds',
        verdict: verdictOf(phase),
        reason:
          textOf(ownField(told, 'message')) ??
          `AnalysisRun ${name} is ${
            phase ?? 'not told of'
          }; its metrics cannot be read.`,
      },
    ];
  }
  const results = itemsOf(ownField(run?.status, 'metricResults'));
  return metrics.map(metric => {
    const metricName = textOf(ownField(metric, 'name'));
    return toGate(
      metric,
      results.find(result => ownField(result, 'name') === metricName),
    );
  });
}

function toGate(metric: unknown, result: unknown): RolloutGate {
  const phase = textOf(ownField(result, 'phase'));
  const last = itemsOf(ownField(result, 'measurements')).at(-1);
  const measured = textOf(ownField(last, 'phase'));
  const value = textOf(ownField(last, 'value'));
  return {
    name: textOf(ownField(metric, 'name')) ?? 'a metric without a name',
    words: conditionWords(metric),
    interval: textOf(ownField(metric, 'interval')),
    canary: value,
    // A run ends with a verdict; until then its last measurement speaks.
    verdict: verdictOf(phase === 'Running' ? measured : phase),
    reason:
      textOf(ownField(result, 'message')) ??
      textOf(ownField(last, 'message')) ??
      reasonOf(phase, value),
  };
}

function reasonOf(phase: string | undefined, value: string | undefined) {
  if (phase === undefined) {
    return 'It has not been measured yet.';
  }
  return value === undefined
    ? `The metric is ${phase}.`
    : `The last measurement was ${value}.`;
}

function conditionWords(metric: unknown): string {
  const success = textOf(ownField(metric, 'successCondition'));
  const failure = textOf(ownField(metric, 'failureCondition'));
  if (success) {
    return success;
  }
  return failure ? `not ${failure}` : 'its provider says that it holds';
}

function verdictOf(phase: string | undefined): RolloutGate['verdict'] {
  return phase !== undefined && Object.hasOwn(VERDICTS, phase)
    ? VERDICTS[phase]
    : 'unknown';
}

/** Analyses of later steps, and the one in the background where none runs. */
function upcomingGates(facts: ArgoFacts, isRunning: boolean): RolloutGate[] {
  const later = facts.steps.flatMap((step, index) =>
    index > (facts.at ?? -1)
      ? templatesOf(ownField(step, 'analysis')).map(name => ({
          name,
          step: index + 1,
        }))
      : [],
  );
  const background = isRunning
    ? []
    : templatesOf(ownField(facts.canary, 'analysis')).map(name => ({
        name,
        step: undefined,
      }));
  return [...background, ...later].map(({ name, step }) => ({
    name,
    words:
      step === undefined ? 'analysis all along' : `analysis at step ${step}`,
    verdict: 'unknown',
    reason: 'It has not run yet.',
  }));
}

/** The AnalysisTemplates that an analysis names. */
export function templatesOf(analysis: unknown): string[] {
  return itemsOf(ownField(analysis, 'templates')).flatMap(
    template => textOf(ownField(template, 'templateName')) ?? [],
  );
}
