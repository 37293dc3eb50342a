import { MeshObjects, setFromYaml } from '@meshdeck/istio-config';
import {
  PLACE,
  read,
  rollout,
  SERVICE,
  steps,
} from './__testUtils__/readObject';
import { findRollout } from './findRollout';
import { rolloutObstacle } from './rollouts';

const TEMPLATE = {
  metadata: { labels: { app: 'shop' } },
  spec: { containers: [{ env: [{ name: 'TOKEN', value: 'hidden' }] }] },
};
const ISTIO = {
  trafficRouting: {
    istio: {
      virtualService: { name: 'shop' },
      destinationRule: {
        name: 'shop',
        canarySubsetName: 'canary',
        stableSubsetName: 'stable',
      },
    },
  },
};
const STEPS = [
  { setWeight: 20 },
  { pause: {} },
  { setWeight: 50 },
  { analysis: { templates: [{ templateName: 'errors' }] } },
  { pause: { duration: '10m' } },
];
const argo = (status: unknown, more: object = {}) =>
  rollout(
    {
      template: TEMPLATE,
      ...more,
      strategy: { canary: { ...ISTIO, steps: STEPS } },
    },
    status,
  );

describe('Argo Rollouts', () => {
  const weights = { canary: { weights: { canary: { weight: 20 } } } };

  it.each([
    [
      'waits for a person',
      {
        phase: 'Paused',
        currentStepIndex: 1,
        pauseConditions: [{ reason: 'CanaryPauseStep' }],
        ...weights,
      },
      'warning',
      'Argo Rollouts waits at step 2 of 5 (20 %) until somebody resumes it.',
    ],
    [
      'waits for a while',
      {
        phase: 'Paused',
        currentStepIndex: 4,
        pauseConditions: [{ reason: 'CanaryPauseStep' }],
      },
      'ok',
      'Argo Rollouts waits at step 5 of 5 (50 %) for 10 min.',
    ],
    [
      'moves',
      { phase: 'Progressing', currentStepIndex: 2, ...weights },
      'ok',
      'Argo Rollouts is at step 3 of 5 (20 %) of shop and goes to 100 % next, if its gates hold; 1 of 1 cannot be seen yet.',
    ],
    [
      'could not tell',
      {
        phase: 'Paused',
        currentStepIndex: 3,
        pauseConditions: [{ reason: 'InconclusiveAnalysisRun' }],
      },
      'warning',
      'Argo Rollouts waits at step 4 of 5 (50 %) because its analysis was inconclusive, until somebody resumes it.',
    ],
    [
      'gave up',
      {
        phase: 'Degraded',
        abort: true,
        message: 'RolloutAborted: metric "errors" assessed Failed',
        currentStepIndex: 0,
      },
      'error',
      'Argo Rollouts aborted the rollout of shop: everything goes back to the stable version. It says: RolloutAborted: metric "errors" assessed Failed.',
    ],
    [
      'is done',
      { phase: 'Healthy', currentStepIndex: 5 },
      'ok',
      'Argo Rollouts has nothing to do for shop: everything goes to its stable version.',
    ],
  ])('%s', (_name, status, level, sentence) => {
    expect(read(argo(status)).said).toMatchObject({ level, sentence });
  });

  it('shows its steps in words', () => {
    expect(steps(argo({ phase: 'Progressing', currentStepIndex: 2 }))).toEqual([
      '20 %: done',
      'waits until somebody resumes it: done',
      '50 %: current',
      'analysis errors: next',
      'waits 10 min: next',
    ]);
  });

  it.each([
    [{ setCanaryScale: { replicas: 1 } }, '1 pod of the canary'],
    [{ setCanaryScale: { weight: 25 } }, 'pods of the canary for 25 %'],
    [{ setCanaryScale: {} }, 'as many pods of the canary as its weight needs'],
    [{ pause: { duration: 90 } }, 'waits 1 min 30 s'],
    [{ experiment: {} }, 'an experiment beside the rollout'],
    [
      { setHeaderRoute: { match: [{ headerName: 'x-canary' }] } },
      'requests with header x-canary go to the canary',
    ],
    [
      { setMirrorRoute: { match: [{}], percentage: 35 } },
      'a copy of 35 % of some requests goes to the canary',
    ],
    [{ plugin: { name: 'p' } }, 'plugin p'],
    [null, 'a step that this page does not know'],
  ])('step %j: %s', (step, words) => {
    const object = rollout({
      template: TEMPLATE,
      strategy: { canary: { steps: [step] } },
    });
    expect(read(object).view.steps).toEqual([{ words, state: 'next' }]);
  });

  it('judges by the runs of its analysis', () => {
    const run = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisRun',
      metadata: { name: 'shop-1', namespace: 'a' },
      spec: {
        metrics: [
          { name: 'errors', interval: '1m', successCondition: 'result < 0.01' },
          { name: 'lag', failureCondition: 'result > 9' },
        ],
      },
      status: {
        metricResults: [
          {
            name: 'errors',
            phase: 'Running',
            measurements: [{ phase: 'Successful', value: '0.002' }],
          },
          { name: 'lag', phase: 'Failed', message: '3 failures' },
        ],
      },
    };
    const object = argo({
      phase: 'Progressing',
      currentStepIndex: 3,
      canary: { currentStepAnalysisRunStatus: { name: 'shop-1' } },
    });
    const { view, said } = read(object, undefined, [run]);
    expect(view.gates).toMatchObject([
      {
        name: 'errors',
        words: 'result < 0.01',
        canary: '0.002',
        verdict: 'ok',
      },
      { name: 'lag', words: 'not result > 9', verdict: 'failed' },
    ]);
    expect(said).toMatchObject({
      level: 'error',
      sentence: 'shop: gate lag failed: 3 failures.',
    });
    expect(read(object).view.gates).toMatchObject([
      { name: 'shop-1', verdict: 'unknown' },
    ]);
  });

  it('keeps the pod template to itself', () => {
    expect(read(argo({})).view.object.yaml).not.toContain('hidden');
  });

  it('is found by the VirtualService that it writes', () => {
    const objects = `
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: a}
spec: {ports: [{port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: a}
spec: {hosts: [shop], http: [{route: [{destination: {host: shop}}]}]}
`;
    const set = setFromYaml(objects).with([
      { type: 'put', object: argo({}, { template: {} }) },
    ]);
    expect(findRollout(set, PLACE)).toMatchObject({
      provider: 'argo',
      stable: { subset: 'stable' },
      canary: { subset: 'canary' },
    });
  });

  it('leaves weights alone where it only counts pods', () => {
    const set = MeshObjects.create([
      SERVICE,
      rollout({ template: TEMPLATE, strategy: { canary: { steps: STEPS } } }),
    ]);
    expect(findRollout(set, PLACE)).toBeDefined();
    expect(rolloutObstacle(set, PLACE)).toBeUndefined();
  });
});
