import {
  describeDuration,
  itemsOf,
  MeshObjects,
  ownField,
  parseDurationMs,
} from '@meshdeck/istio-config';
import type { RolloutStep, RolloutView } from '@meshdeck/plugin-mesh-common';
import { toObjectYaml } from '../facts/objects';
import { argoGates, templatesOf } from './argoGates';
import type { FoundRollout } from './findRollout';
import { numberOf, percentageOf, textOf, timeOf } from './reading';

const MOST_STEPS = 100;

/** https://argo-rollouts.readthedocs.io/en/stable/features/specification/ and RolloutPhase in its API types. */
const PHASES: Record<string, string> = {
  Healthy: 'done',
  Degraded: 'degraded',
  Progressing: 'moving',
  Paused: 'waiting',
};

/** Why Argo pauses a rollout by itself (PauseReason in its API types). */
const PAUSES: Record<string, string> = {
  InconclusiveAnalysisRun: 'its analysis was inconclusive',
  InconclusiveExperiment: 'its experiment was inconclusive',
  BlueGreenPause: 'the new version is to be looked at before it takes over',
};

/** Reads a Rollout: its steps from spec.strategy.canary, where it is from status. */
export function readArgo(set: MeshObjects, found: FoundRollout): RolloutView {
  const { spec, status, metadata } = found.object;
  const canary = ownField(ownField(spec, 'strategy'), 'canary');
  const steps = itemsOf(ownField(canary, 'steps')).slice(0, MOST_STEPS);
  const isAborted = ownField(status, 'abort') === true;
  const given = textOf(ownField(status, 'phase'));
  const index = indexOf(status, steps.length);
  const at = isAborted || given === 'Healthy' ? undefined : index;
  return {
    provider: 'argo',
    object: toObjectYaml(withoutTemplate(found)),
    phase: isAborted ? 'aborted' : phaseWords(given),
    paused: isAborted ? undefined : pauseOf(found, steps[index ?? -1]),
    weight: weightOf(status, steps, at),
    nextWeight: at === undefined ? undefined : nextWeight(steps, at),
    step:
      at !== undefined && at < steps.length
        ? { number: at + 1, of: steps.length }
        : undefined,
    steps: steps.map((step, position) => ({
      words: stepWords(step),
      state: stepState(position, { at, isDone: given === 'Healthy' }),
    })),
    gates: argoGates(set, {
      namespace: metadata.namespace ?? '',
      canary,
      steps,
      status,
      at,
    }),
    lastMovedAt: lastMoved(status),
    message: textOf(ownField(status, 'message')),
    movesWeights: found.movesWeights,
  };
}

function phaseWords(phase: string | undefined): string {
  if (phase === undefined) {
    return 'not taken up yet';
  }
  return Object.hasOwn(PHASES, phase) ? PHASES[phase] : phase;
}

/** A pod template can hold what its owner would not show to all who may read the service. */
function withoutTemplate({ object }: FoundRollout) {
  return {
    ...object,
    spec: Object.fromEntries(
      Object.entries(object.spec ?? {}).filter(([name]) => name !== 'template'),
    ),
  };
}

/** The step it is at, from 0; as many as there are once all are done. */
function indexOf(status: unknown, steps: number): number | undefined {
  const index = numberOf(ownField(status, 'currentStepIndex'));
  return index === undefined || index < 0 || steps === 0
    ? undefined
    : Math.min(Math.floor(index), steps);
}

function stepState(
  position: number,
  { at, isDone }: { at?: number; isDone: boolean },
): RolloutStep['state'] {
  if (isDone || (at !== undefined && position < at)) {
    return 'done';
  }
  return position === at ? 'current' : 'next';
}

/** What Argo says it has set; else what the steps up to now ask for. */
function weightOf(
  status: unknown,
  steps: readonly unknown[],
  at: number | undefined,
): number | undefined {
  const weights = ownField(ownField(status, 'canary'), 'weights');
  const set = percentageOf(ownField(ownField(weights, 'canary'), 'weight'));
  if (set !== undefined || at === undefined) {
    return set;
  }
  return steps
    .slice(0, at + 1)
    .flatMap(step => percentageOf(ownField(step, 'setWeight')) ?? [])
    .at(-1);
}

/** After the last step the new version gets everything. */
function nextWeight(steps: readonly unknown[], at: number): number {
  return (
    steps
      .slice(at + 1)
      .flatMap(step => percentageOf(ownField(step, 'setWeight')) ?? [])[0] ??
    100
  );
}

function pauseOf(found: FoundRollout, step: unknown): string | undefined {
  const { spec, status } = found.object;
  const conditions = itemsOf(ownField(status, 'pauseConditions'));
  const reason = textOf(ownField(conditions[0], 'reason'));
  if (reason === 'CanaryPauseStep') {
    const ms = pauseMs(ownField(step, 'pause'));
    return ms === undefined
      ? 'until somebody resumes it'
      : `for ${describeDuration(ms)}`;
  }
  if (reason !== undefined) {
    const why = Object.hasOwn(PAUSES, reason) ? PAUSES[reason] : reason;
    return `because ${why}, until somebody resumes it`;
  }
  return ownField(spec, 'paused') === true
    ? 'because somebody paused it (spec.paused), until somebody resumes it'
    : undefined;
}

/** A pause without a duration ends when somebody resumes it; a number is in seconds. */
function pauseMs(pause: unknown): number | undefined {
  const duration = ownField(pause, 'duration');
  const seconds = numberOf(duration);
  return seconds === undefined ? parseDurationMs(duration) : seconds * 1000;
}

/** The kinds of steps (https://argo-rollouts.readthedocs.io/en/stable/features/specification/). */
const STEP_WORDS: Record<string, (step: unknown) => string> = {
  pause: pause => {
    const ms = pauseMs(pause);
    return ms === undefined
      ? 'waits until somebody resumes it'
      : `waits ${describeDuration(ms)}`;
  },
  setCanaryScale: scale => {
    const replicas = numberOf(ownField(scale, 'replicas'));
    const weight = percentageOf(ownField(scale, 'weight'));
    if (replicas !== undefined) {
      return `${replicas} ${replicas === 1 ? 'pod' : 'pods'} of the canary`;
    }
    return weight === undefined
      ? 'as many pods of the canary as its weight needs'
      : `pods of the canary for ${weight} %`;
  },
  analysis: analysis =>
    `analysis ${templatesOf(analysis).join(' and ')}`.trim(),
  experiment: () => 'an experiment beside the rollout',
  setHeaderRoute: route => {
    const headers = itemsOf(ownField(route, 'match')).flatMap(
      match => textOf(ownField(match, 'headerName')) ?? [],
    );
    return headers.length
      ? `requests with header ${headers.join(' or ')} go to the canary`
      : 'its header route ends';
  },
  setMirrorRoute: route => {
    if (itemsOf(ownField(route, 'match')).length === 0) {
      return 'its mirroring ends';
    }
    const share = percentageOf(ownField(route, 'percentage')) ?? 100;
    return `a copy of ${share} % of some requests goes to the canary`;
  },
  plugin: plugin =>
    `plugin ${textOf(ownField(plugin, 'name')) ?? 'without a name'}`,
};

function stepWords(step: unknown): string {
  const weight = percentageOf(ownField(step, 'setWeight'));
  if (weight !== undefined) {
    return `${weight} %`;
  }
  const other = Object.keys(STEP_WORDS).find(
    name => ownField(step, name) !== undefined,
  );
  return other
    ? STEP_WORDS[other](ownField(step, other))
    : 'a step that this page does not know';
}

function lastMoved(status: unknown): string | undefined {
  const times = [
    timeOf(ownField(status, 'abortedAt')),
    ...itemsOf(ownField(status, 'pauseConditions')).map(condition =>
      timeOf(ownField(condition, 'startTime')),
    ),
    ...itemsOf(ownField(status, 'conditions')).map(condition =>
      timeOf(ownField(condition, 'lastUpdateTime')),
    ),
  ].filter(time => time !== undefined);
  return times.sort().at(-1);
}
