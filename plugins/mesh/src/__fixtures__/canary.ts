import type {
  CanaryView,
  ChangePreview,
  Placement,
  RolloutView,
  Saturation,
} from '@meshdeck/plugin-mesh-common';
import {
  virtualService,
  virtualServiceRef,
  virtualServiceYaml,
} from './objects';
import { NOON, production, figure, base } from './placements';

/** As Flagger drives it: two gates, one of which cannot be seen. */
export function flaggerRollout(now: number = NOON): RolloutView {
  return {
    provider: 'flagger',
    object: {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      namespace: 'orion',
      name: 'auth-service',
      yaml: 'kind: Canary\nmetadata:\n  name: auth-service\n',
    },
    phase: 'analysing',
    weight: 10,
    nextWeight: 20,
    step: { number: 1, of: 2 },
    steps: [
      { words: '10 %', state: 'current' },
      { words: '20 %', state: 'next' },
      { words: 'promotion', state: 'next' },
    ],
    gates: [
      {
        name: 'request-success-rate',
        words: 'at least 99 % succeed',
        interval: '1m',
        stable: '99.7 %',
        canary: '97.9 %',
        verdict: 'failed',
        reason: '97.9 %, measured by Istio.',
      },
      {
        name: 'lag',
        words: 'at most 9',
        verdict: 'unknown',
        reason:
          'Flagger asks MetricTemplate lag and does not write down the answer.',
      },
    ],
    failedChecks: 2,
    failedChecksAllowed: 5,
    lastMovedAt: new Date(now - 120_000).toISOString(),
    message: 'New revision detected, progressing canary analysis.',
    movesWeights: true,
  };
}

/** Fuller in CPU, of a request; memory has a limit. */
function saturation(
  cpuShare: number,
  memoryShare: number,
  facts: { now: number; pods: number },
): Saturation {
  const container = 'auth-service';
  return {
    share: figure(cpuShare, 0.04, facts.now),
    uses: [
      {
        resource: 'cpu',
        state: 'known',
        share: cpuShare,
        container,
        of: 'request',
        nearlyFull: false,
        unlimited: [],
      },
      {
        resource: 'memory',
        state: 'known',
        share: memoryShare,
        container,
        of: 'limit',
        nearlyFull: false,
        unlimited: [],
      },
    ],
    podsAsked: facts.pods,
  };
}

export function canaryView(
  now: number = NOON,
  placement: Placement = production,
): CanaryView {
  return {
    ...base(now, placement),
    also: [],
    verdict: {
      level: 'warning',
      sentence: 'canary takes 10 % and fails seven times as often as stable.',
    },
    history: { since: new Date(now - 3_600_000).toISOString(), moves: [] },
    provider: 'virtualservice',
    object: virtualService,
    versions: [
      {
        subset: 'stable',
        labels: { version: 'v1.8.2' },
        weight: 90,
        liveShare: 0.897,
        pods: 3,
        readyPods: 3,
        requestsPerSecond: figure(108, 9, now),
        errorShare: figure(0.003, 0.002, now),
        p50Ms: figure(21, 2, now),
        p99Ms: figure(84, 7, now),
        saturation: saturation(0.49, 0.41, { now, pods: 3 }),
      },
      {
        subset: 'canary',
        labels: { version: 'v2.0.0-canary' },
        weight: 10,
        liveShare: 0.103,
        pods: 1,
        readyPods: 1,
        requestsPerSecond: figure(12, 2, now),
        errorShare: figure(0.021, 0.011, now),
        p50Ms: figure(24, 4, now),
        p99Ms: figure(91, 16, now),
        saturation: saturation(0.32, 0.31, { now, pods: 1 }),
      },
    ],
    rules: [
      {
        rule: { object: virtualServiceRef, path: 'spec.http[0]', digest: 'a0' },
        number: 1,
        requests: ['POST /api/auth/login*'],
        weights: { stable: 90, canary: 10 },
      },
      {
        rule: { object: virtualServiceRef, path: 'spec.http[2]', digest: 'c2' },
        number: 3,
        requests: ['everything else'],
        weights: { stable: 100, canary: 0 },
      },
    ],
  };
}

export const weightPreview: ChangePreview = {
  object: virtualService,
  action: 'change',
  first: [],
  resourceVersion: '48211',
  before: virtualServiceYaml(90, 10),
  after: virtualServiceYaml(75, 25),
  dryRun: { ok: true },
  findingsNew: [],
  findingsFixed: [],
  takesOverFrom: [],
  sentence: '15 % of the requests of rule 1 move from stable to canary.',
};
