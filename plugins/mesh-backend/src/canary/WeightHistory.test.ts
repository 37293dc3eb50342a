import { KubeObject, MeshObjects } from '@meshdeck/istio-config';
import type { WrittenChange } from '../changes/ChangePipeline';
import { WeightHistory } from './WeightHistory';

const NOON = Date.UTC(2026, 0, 5, 12);
const REF = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'a',
  name: 'shop',
};

function virtualService(canary: number, more: object = {}): KubeObject {
  const { apiVersion, kind, ...named } = REF;
  return {
    apiVersion,
    kind,
    metadata: { ...named, ...more },
    spec: {
      http: [
        {
          match: [{ uri: { prefix: '/login' } }],
          route: [
            {
              destination: { host: 'shop', subset: 'stable' },
              weight: 100 - canary,
            },
            { destination: { host: 'shop', subset: 'canary' }, weight: canary },
          ],
        },
        { route: [{ destination: { host: 'shop', subset: 'stable' } }] },
      ],
    },
  };
}

function watched(...objects: KubeObject[]) {
  let set = MeshObjects.create(objects);
  const clock = { now: NOON };
  let written: (change: WrittenChange) => void = () => {};
  const history = WeightHistory.create({
    clusters: {
      onChange: () => {},
      peek: () => ({
        set,
        ready: true,
        unread: [],
        source: { id: 'kubernetes', status: 'ok' },
      }),
    },
    changes: {
      onWritten: listener => {
        written = listener;
      },
    },
    now: () => clock.now,
  });
  history.of('c', []);
  return {
    history,
    clock,
    write: (object: KubeObject, by: { who?: string; why?: string }) =>
      written({ cluster: 'c', object, ...by }),
    moves: () => history.of('c', [REF]).moves,
    put: (object: KubeObject) => {
      clock.now += 60_000;
      set = set.with([{ type: 'put', object }]);
      history.of('c', []);
    },
  };
}

const owned = (manager: string, time: string) => ({
  managedFields: [
    { manager: 'helm', time: '2026-01-01T00:00:00Z' },
    { manager, time },
  ],
});

describe('WeightHistory', () => {
  it('tells who moved which weights when, as far as it looked on', () => {
    const { put, moves, history } = watched(virtualService(10));
    put(virtualService(25, owned('kubectl-edit', '2026-01-05T12:00:30Z')));
    expect(moves()).toEqual([
      {
        at: '2026-01-05T12:00:30.000Z',
        object: REF,
        what: 'rule 1: stable from 90 % to 75 %, canary from 10 % to 25 %',
        who: 'kubectl-edit',
        why: undefined,
      },
    ]);
    expect(history.of('c', []).since).toBe('2026-01-05T12:00:00.000Z');
    expect(history.of('other', [REF]).moves).toEqual([]);
  });

  it('names the person and the reason of a change from here, whichever is known first', () => {
    const { put, moves, write } = watched(virtualService(10));
    const by = { who: 'user:default/jo', why: 'v2 is well' };
    const early = virtualService(20, { resourceVersion: '2' });
    write(early, by);
    put(early);
    const late = virtualService(30, { resourceVersion: '3' });
    put(late);
    write(late, by);
    const ours = virtualService(40, { resourceVersion: '4' });
    write(ours, { why: 'a plugin has no name' });
    put(ours);
    expect(moves().map(({ who, why }) => [who, why])).toEqual([
      [undefined, undefined],
      ['user:default/jo', 'v2 is well'],
      ['user:default/jo', 'v2 is well'],
    ]);
  });

  it('says nothing of what is no move: another timeout, a rule that moved down, the same again', () => {
    const { put, moves } = watched(virtualService(10));
    const changed = virtualService(10, { resourceVersion: '9' });
    changed.spec.http[0].timeout = '3s';
    changed.spec.http.unshift({ match: [{ uri: { exact: '/' } }], route: [] });
    put(changed);
    expect(moves()).toEqual([]);
  });

  it('does not believe times before it looked on or in the future', () => {
    const { put, moves } = watched(virtualService(10));
    put(virtualService(20, owned('x', '2020-01-01T00:00:00Z')));
    put(virtualService(30, owned('x', '2030-01-01T00:00:00Z')));
    expect(moves().map(({ at }) => at)).toEqual([
      '2026-01-05T12:02:00.000Z',
      '2026-01-05T12:01:00.000Z',
    ]);
  });

  it('keeps the latest fifty of an object', () => {
    const { put, moves } = watched(virtualService(0));
    for (let weight = 1; weight <= 60; weight++) {
      put(virtualService(weight));
    }
    expect(moves()).toHaveLength(50);
    expect(moves()[0].what).toContain('canary from 59 % to 60 %');
  });

  it.each([
    [
      'Canary',
      { phase: 'Progressing', canaryWeight: 10 },
      {
        phase: 'Progressing',
        canaryWeight: 20,
        failedChecks: 1,
        conditions: [{ type: 'Promoted', message: 'New revision detected.' }],
      },
      'canary from 10 % to 20 %, failed checks 1',
      'New revision detected.',
    ],
    [
      'Rollout',
      { phase: 'Paused', currentStepIndex: 1 },
      {
        phase: 'Degraded',
        currentStepIndex: 0,
        abort: true,
        message: 'failed',
      },
      'phase from Paused to Degraded, step from 2 to 1, aborted',
      'failed',
    ],
  ])('tells how a %s moved', (kind, before, after, what, why) => {
    const object = (status: object): KubeObject => ({
      apiVersion:
        kind === 'Canary' ? 'flagger.app/v1beta1' : 'argoproj.io/v1alpha1',
      kind,
      metadata: { name: 'shop', namespace: 'a' },
      spec: {},
      status,
    });
    const { put, history } = watched(object(before));
    put(object(after));
    const { moves } = history.of('c', [{ ...REF, kind }]);
    expect(moves).toMatchObject([{ what, why }]);
  });
});
