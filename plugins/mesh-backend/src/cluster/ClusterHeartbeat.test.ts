import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../__testUtils__/eventually';
import { ClusterHeartbeat } from './ClusterHeartbeat';

type Answer = 'in time' | 'late' | 'refused' | 'broken';

/** A heartbeat of a server that answers in this way, and after that as the last of it says; and what it told of. */
function listenTo(...answers: Answer[]) {
  const told: string[] = [];
  let asked = 0;
  const access: MeshClusterAccess = {
    clusters: async () => [],
    async request(_cluster, { signal }) {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer === 'late') {
        await new Promise((_resolve, reject) => {
          signal!.addEventListener('abort', () => reject(signal!.reason));
        });
      }
      return new Response('{}', {
        status: { 'in time': 200, late: 200, refused: 403, broken: 502 }[
          answer
        ],
      });
    },
  };
  const heartbeat = ClusterHeartbeat.create({
    cluster: 'c',
    access,
    everyMs: 1,
    deadlineMs: 50,
    onSilence: () => told.push(heartbeat.silence()?.message ?? ''),
    onBack: () => told.push('back'),
  });
  heartbeat.start();
  const until = (count: number) =>
    eventually(async () => {
      if (asked < count) throw new Error(`asked ${asked} times`);
    });
  return { heartbeat, told, until };
}

describe('the heartbeat of a cluster', () => {
  it.each<[string, Answer[], string[]]>([
    ['answers', ['in time'], []],
    ['refuses what is asked', ['refused'], []],
    ['was late once', ['in time', 'late', 'in time'], []],
    ['hangs', ['in time', 'late'], ['no answer within 0.05 s']],
    [
      'hung for a while',
      ['late', 'late', 'late', 'in time'],
      ['no answer within 0.05 s', 'back'],
    ],
    [
      'is down behind its proxy for a moment',
      ['broken', 'in time'],
      ['it answered 502', 'back'],
    ],
  ])('of one that %s', async (_what, answers, expected) => {
    const { heartbeat, told, until } = listenTo(...answers);
    await until(answers.length + 2);
    await pause(5);
    heartbeat.stop();
    expect(told).toEqual(expected);
  });
});
