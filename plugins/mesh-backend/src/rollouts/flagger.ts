import {
  describeDuration,
  itemsOf,
  ownField,
  parseDurationMs,
} from '@meshdeck/istio-config';
import type { RolloutStep, RolloutView } from '@meshdeck/plugin-mesh-common';
import { toObjectYaml } from '../facts/objects';
import type { FoundRollout } from './findRollout';
import { flaggerGates } from './flaggerGates';
import type { VersionPair } from './gates';
import { numberOf, percentageOf, textOf, timeOf } from './reading';

/** What Flagger's phases mean (https://docs.flagger.app/usage/how-it-works#canary-status). */
const PHASES: Record<string, string> = {
  Initializing: 'being set up',
  Initialized: 'waiting for a new version',
  Waiting: 'waiting for approval to start',
  Progressing: 'analysing',
  WaitingPromotion: 'waiting for approval to promote',
  Promoting: 'promoting',
  Finalising: 'finishing',
  Succeeded: 'promoted',
  Failed: 'rolled back',
  Terminating: 'being removed',
  Terminated: 'removed',
};

/** While the canary gets requests. */
const AT_WORK = ['Progressing', 'WaitingPromotion'];
const AFTER_ANALYSIS = ['WaitingPromotion', 'Promoting', 'Finalising'];
const MOST_STEPS = 100;

/** Flagger's own phase; undefined until it has said one. */
export function flaggerPhase(found: FoundRollout): string | undefined {
  return textOf(ownField(found.object.status, 'phase'));
}

/** Reads a Canary: its plan from spec.analysis, where it is from status. */
export function readFlagger(
  found: FoundRollout,
  numbers: VersionPair,
): RolloutView {
  const { spec, status } = found.object;
  const phase = flaggerPhase(found);
  // The older name of the field is still served.
  const analysis =
    ownField(spec, 'analysis') ?? ownField(spec, 'canaryAnalysis');
  const weight = percentageOf(ownField(status, 'canaryWeight'));
  const plan = planOf(analysis, { phase, weight, status });
  const condition = itemsOf(ownField(status, 'conditions')).find(
    candidate => ownField(candidate, 'type') === 'Promoted',
  );
  const isAtWork = phase !== undefined && AT_WORK.includes(phase);
  return {
    provider: 'flagger',
    object: toObjectYaml(found.object),
    phase: phaseWords(phase),
    paused: pauseOf(spec, phase),
    weight,
    nextWeight: phase === 'Progressing' ? plan.nextWeight : undefined,
    step: plan.step,
    steps: plan.steps,
    gates: flaggerGates(analysis, { numbers, isAtWork }),
    failedChecks: numberOf(ownField(status, 'failedChecks')),
    failedChecksAllowed:
      analysis === undefined
        ? undefined
        : Math.max(1, numberOf(ownField(analysis, 'threshold')) ?? 1),
    lastMovedAt: timeOf(ownField(status, 'lastTransitionTime')),
    message: textOf(ownField(condition, 'message')),
    movesWeights: found.movesWeights,
  };
}

function phaseWords(phase: string | undefined): string {
  if (phase === undefined) {
    return 'not taken up yet';
  }
  return Object.hasOwn(PHASES, phase) ? PHASES[phase] : phase;
}

function pauseOf(spec: unknown, phase: string | undefined) {
  if (ownField(spec, 'suspend') === true) {
    return 'it is suspended (spec.suspend)';
  }
  if (phase === 'Waiting') {
    return 'its confirm-rollout webhook has not agreed yet';
  }
  return phase === 'WaitingPromotion'
    ? 'its confirm-promotion webhook has not agreed yet'
    : undefined;
}

interface Plan {
  steps: RolloutStep[];
  step?: RolloutView['step'];
  nextWeight?: number;
}

/** https://docs.flagger.app/usage/deployment-strategies */
function planOf(
  analysis: unknown,
  now: { phase?: string; weight?: number; status: unknown },
): Plan {
  const iterations = numberOf(ownField(analysis, 'iterations')) ?? 0;
  const isDone = now.phase === 'Succeeded';
  const isPastAnalysis =
    now.phase !== undefined && AFTER_ANALYSIS.includes(now.phase);
  const promotion: RolloutStep = {
    words: 'promotion',
    state: stateOf(isDone, isPastAnalysis),
  };
  if (iterations > 0) {
    const made = numberOf(ownField(now.status, 'iterations')) ?? 0;
    const interval = parseDurationMs(ownField(analysis, 'interval'));
    const every =
      interval === undefined ? '' : `, one each ${describeDuration(interval)}`;
    const words =
      now.phase === 'Progressing'
        ? `${Math.min(made, iterations)} of ${iterations} checks`
        : `${iterations} checks`;
    return {
      steps: [
        {
          words: `${words}${every}`,
          state: stateOf(isDone || isPastAnalysis, now.phase === 'Progressing'),
        },
        promotion,
      ],
      step:
        now.phase === 'Progressing'
          ? { number: Math.min(made, iterations), of: iterations }
          : undefined,
    };
  }
  const weights = weightsOf(analysis);
  const weight = now.weight ?? 0;
  const isAnalysing = now.phase === 'Progressing';
  const at = isAnalysing
    ? weights.findLastIndex(candidate => candidate <= weight && weight > 0)
    : -1;
  return {
    steps: [
      ...weights.map((candidate, index) => ({
        words: `${candidate} %`,
        state: stateOf(
          isDone || isPastAnalysis || (isAnalysing && index < at),
          index === at,
        ),
      })),
      promotion,
    ],
    step: at >= 0 ? { number: at + 1, of: weights.length } : undefined,
    nextWeight: weights.find(candidate => candidate > weight),
  };
}

function stateOf(isDone: boolean, isCurrent: boolean): RolloutStep['state'] {
  if (isDone) {
    return 'done';
  }
  return isCurrent ? 'current' : 'next';
}

/**
 * The weights in turn: `stepWeights` as listed, else `stepWeight` until `maxWeight` is reached or passed, as Flagger's
 * scheduler counts (https://docs.flagger.app/usage/deployment-strategies#canary-release).
 */
function weightsOf(analysis: unknown): number[] {
  const listed = itemsOf(ownField(analysis, 'stepWeights'))
    .flatMap(item => percentageOf(item) ?? [])
    .slice(0, MOST_STEPS);
  const step = percentageOf(ownField(analysis, 'stepWeight')) ?? 0;
  if (step === 0) {
    return listed;
  }
  const max = percentageOf(ownField(analysis, 'maxWeight')) || 100;
  const weights: number[] = [];
  for (let weight = 0; weight < max; ) {
    weight = Math.min(100, weight + step);
    weights.push(weight);
  }
  return weights;
}
