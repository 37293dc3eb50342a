import { MeshObjects } from '@meshdeck/istio-config';
import {
  canary,
  PLACE,
  read,
  SERVICE,
  SLOW,
  steps,
  WELL,
} from './__testUtils__/readObject';
import { findRollout } from './findRollout';
import { rolloutObstacle } from './rollouts';

const ANALYSIS = {
  interval: '1m',
  threshold: 5,
  stepWeight: 10,
  maxWeight: 30,
  metrics: [
    {
      name: 'request-success-rate',
      interval: '1m',
      thresholdRange: { min: 99 },
    },
    { name: 'request-duration', interval: '1m', thresholdRange: { max: 500 } },
  ],
};
const TARGET = { targetRef: { kind: 'Deployment', name: 'shop' } };

describe('Flagger', () => {
  it.each([
    [
      'analyses and all is well',
      { phase: 'Progressing', canaryWeight: 10 },
      WELL,
      'ok',
      'Flagger moves shop to 20 % next; all gates hold.',
    ],
    [
      'has a gate that does not hold',
      { phase: 'Progressing', canaryWeight: 10, failedChecks: 2 },
      SLOW,
      'error',
      'Flagger keeps shop at 10 %: request-duration fails (712 ms, p99 at most 500 ms); 2 of 5 failed checks until it rolls back.',
    ],
    [
      'sees no requests',
      { phase: 'Progressing', canaryWeight: 10 },
      {},
      'ok',
      'Flagger moves shop to 20 % next, if its gates hold; 2 of 2 cannot be seen yet.',
    ],
    [
      'is at the last weight',
      { phase: 'Progressing', canaryWeight: 30 },
      WELL,
      'ok',
      'Flagger promotes shop next; all gates hold.',
    ],
    [
      'waits for approval',
      { phase: 'WaitingPromotion', canaryWeight: 30 },
      WELL,
      'warning',
      'Flagger holds shop: its confirm-promotion webhook has not agreed yet.',
    ],
    [
      'rolled back',
      {
        phase: 'Failed',
        canaryWeight: 0,
        conditions: [{ type: 'Promoted', message: 'Canary analysis failed' }],
      },
      WELL,
      'error',
      'Flagger rolled shop back: everything goes to the primary. It says: Canary analysis failed.',
    ],
    [
      'has nothing to do',
      { phase: 'Succeeded', canaryWeight: 0 },
      WELL,
      'ok',
      'Flagger promoted shop: everything goes to the primary until there is a new version.',
    ],
    [
      'does not run',
      undefined,
      WELL,
      'unknown',
      'Flagger has said nothing of shop yet. Check that it runs and watches this namespace.',
    ],
  ] as const)('%s', (_name, status, numbers, level, sentence) => {
    const object = canary({ ...TARGET, analysis: ANALYSIS }, status);
    expect(read(object, numbers).said).toMatchObject({ level, sentence });
  });

  it.each([
    [
      'in even steps, the last one past the maximum as Flagger counts',
      { stepWeight: 20, maxWeight: 50 },
      { phase: 'Progressing', canaryWeight: 20 },
      ['20 %: current', '40 %: next', '60 %: next', 'promotion: next'],
    ],
    [
      'in listed steps',
      { stepWeights: [1, 5, 50] },
      { phase: 'Progressing', canaryWeight: 5 },
      ['1 %: done', '5 %: current', '50 %: next', 'promotion: next'],
    ],
    [
      'not yet moving',
      { stepWeight: 50, maxWeight: 50 },
      { phase: 'Progressing', canaryWeight: 0 },
      ['50 %: next', 'promotion: next'],
    ],
    [
      'by counted checks',
      { interval: '30s', iterations: 10, match: [{ headers: {} }] },
      { phase: 'Progressing', iterations: 3 },
      ['3 of 10 checks, one each 30 s: current', 'promotion: next'],
    ],
    [
      'promoting',
      { stepWeight: 50, maxWeight: 50 },
      { phase: 'Promoting', canaryWeight: 50 },
      ['50 %: done', 'promotion: current'],
    ],
    [
      'promoted',
      { stepWeight: 50, maxWeight: 50 },
      { phase: 'Succeeded' },
      ['50 %: done', 'promotion: done'],
    ],
  ])('shows its steps %s', (_name, analysis, status, expected) => {
    expect(steps(canary({ ...TARGET, analysis }, status))).toEqual(expected);
  });

  it.each([
    [
      { name: 'request-success-rate', threshold: 99 },
      'at least 99 % succeed',
      'ok',
    ],
    [
      { name: 'request-duration', threshold: 50 },
      'p99 at most 50 ms',
      'failed',
    ],
    [
      {
        name: 'lag',
        thresholdRange: { min: 1, max: 5 },
        templateRef: { name: 't' },
      },
      'from 1 to 5',
      'unknown',
    ],
    [
      { name: 'request-duration', query: 'x' },
      'no threshold is set',
      'unknown',
    ],
    [{ name: 'constructor' }, 'no threshold is set', 'unknown'],
  ])('gate %j: %s', (metric, words, verdict) => {
    const object = canary(
      { ...TARGET, analysis: { ...ANALYSIS, metrics: [metric] } },
      { phase: 'Progressing', canaryWeight: 10 },
    );
    expect(read(object, WELL).view.gates).toMatchObject([{ words, verdict }]);
  });

  it.each([
    [{ service: { name: 'shop' }, targetRef: { name: 'x' } }, 'y', true],
    [TARGET, 'y', true],
    [{}, 'shop', true],
    [{ targetRef: { name: 'shop' }, service: { name: 'other' } }, 'y', false],
    [{ targetRef: { name: 'other' } }, 'y', false],
  ])(
    'with spec %j and name %s concerns the service: %s',
    (spec, name, does) => {
      const set = MeshObjects.create([SERVICE, canary(spec, {}, name)]);
      expect(findRollout(set, PLACE) !== undefined).toBe(does);
    },
  );

  it('concerns the Services that it makes', () => {
    const set = MeshObjects.create([canary(TARGET)]);
    for (const service of ['shop-primary', 'shop-canary']) {
      expect(findRollout(set, { namespace: 'a', service })).toMatchObject({
        stable: { service: 'shop-primary' },
        canary: { service: 'shop-canary' },
      });
    }
  });

  it.each([
    [{}, true],
    [{ suspend: true }, false],
    [{ provider: 'kubernetes' }, false],
    [{ provider: 'istio' }, true],
  ])('%j keeps people from moving weights: %s', (spec, does) => {
    const set = MeshObjects.create([canary({ ...TARGET, ...spec })]);
    expect(rolloutObstacle(set, PLACE)).toEqual(
      does
        ? 'Flagger drives this canary (Canary a/shop); a weight moved by hand would not last. Change the Canary, or suspend it first (spec.suspend).'
        : undefined,
    );
  });
});
