import { changeObstacle } from './changeObstacle';
import { ClusterCondition, clusterStatus, unreadKinds } from './clusterStatus';
import type { WatchState } from './ResourceWatcher';
import { ESSENTIAL, WATCHED_RESOURCES } from './watchedResources';

const NOTHING = /^$/;
const since = new Date(0);
const following: WatchState = { type: 'following' };
const lost = (message: string): WatchState => ({
  type: 'lost',
  since,
  message,
});

function condition(
  states: Record<string, WatchState>,
  more: Partial<ClusterCondition> = {},
): ClusterCondition {
  const kinds = WATCHED_RESOURCES.map(({ filedAs, isEssential }) => ({
    kind: filedAs,
    state: states[filedAs] ?? following,
    isEssential,
  }));
  return {
    cluster: 'c',
    isReady: true,
    silence: undefined,
    essential: kinds.filter(({ isEssential }) => isEssential),
    others: kinds.filter(({ isEssential }) => !isEssential),
    isStarting: false,
    ...more,
  };
}

it('knows every essential kind, and why', () => {
  const known = WATCHED_RESOURCES.filter(({ isEssential }) => isEssential);
  expect(known.map(({ filedAs }) => filedAs).sort()).toEqual(
    Object.keys(ESSENTIAL).sort(),
  );
});

it.each<[string, ClusterCondition, string, RegExp]>([
  ['is well', condition({}), 'ok', NOTHING],
  [
    'does not give two kinds for one reason',
    condition({ Sidecar: lost('500'), EnvoyFilter: lost('500') }),
    'partial',
    /^Sidecar and EnvoyFilter \(500\) of cluster c cannot be read, so what depends on that is missing/,
  ],
  [
    'gives no answer for one kind',
    condition({ Sidecar: { type: 'starting' } }),
    'partial',
    /^Sidecar \(no answer yet\)/,
  ],
  [
    'has just begun to be read',
    condition({ Sidecar: { type: 'starting' } }, { isStarting: true }),
    'ok',
    NOTHING,
  ],
  [
    'lacks what it does not serve, and what the portal may not read',
    condition({
      Rollout: { type: 'absent' },
      Canary: { type: 'forbidden', message: 'no' },
    }),
    'ok',
    /^The portal may not read Canary/,
  ],
  [
    'does not give an essential kind any more',
    condition({ VirtualService: lost('500') }),
    'stale',
    /^VirtualService \(500\) of cluster c cannot be read\. What you see is its last/,
  ],
  [
    'never gave it',
    condition({ VirtualService: lost('500') }, { isReady: false }),
    'down',
    /^VirtualService \(500\) of cluster c cannot be read\. Check that it runs/,
  ],
  [
    'gives nothing at all',
    condition(
      Object.fromEntries(WATCHED_RESOURCES.map(r => [r.filedAs, lost('gone')])),
    ),
    'stale',
    /^Cluster c does not answer \(gone\)/,
  ],
  [
    'hangs',
    condition({}, { silence: { since, message: 'no answer within 3 s' } }),
    'stale',
    /^Cluster c does not answer \(no answer within 3 s\)/,
  ],
])('a cluster that %s says so', (_name, given, status, message) => {
  const source = clusterStatus(given);
  expect(source.status).toBe(status);
  expect(source.message ?? '').toMatch(message);
});

it('cuts a reason that is a page long', () => {
  const { message } = clusterStatus(
    condition({ Sidecar: lost('x'.repeat(10_000)) }),
  );
  expect(message!.length).toBeLessThan(500);
});

describe('changeObstacle', () => {
  const obstacle = (states: Record<string, WatchState>, needs: string[]) => {
    const given = condition(states);
    return changeObstacle(
      { source: clusterStatus(given), unread: unreadKinds(given) },
      { cluster: 'c', needs },
    );
  };

  it.each<[Record<string, WatchState>, string[], RegExp]>([
    [{}, ['Rollout'], NOTHING],
    [{ EnvoyFilter: lost('500') }, ['Rollout'], NOTHING],
    [{ Rollout: lost('500') }, [], NOTHING],
    [{ Rollout: lost('500') }, ['Rollout'], /^Rollout \(500\) of cluster c/],
    [{ Rollout: { type: 'starting' } }, ['Rollout'], /no answer yet/],
    [{ Rollout: { type: 'absent' } }, ['Rollout'], NOTHING],
    [{ Pod: lost('500') }, [], /last known state/],
  ])('with %j for a change that needs %j: %s', (states, needs, expected) => {
    expect(obstacle(states, needs) ?? '').toMatch(expected);
  });
});
