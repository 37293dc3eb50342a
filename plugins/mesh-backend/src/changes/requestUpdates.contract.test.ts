import { TestDatabases } from '@backstage/backend-test-utils';
import { closeServers } from '../__testUtils__/serve';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { toldOf } from '../memory/ChangesService';
import type { ForgeTrial } from '../pullRequests/__testUtils__/forgeTrials';
import { hasGit } from '../pullRequests/__testUtils__/GitRepository';
import type { DeliveredStage } from './__testUtils__/DeliveredStage';
import {
  defineApplications,
  ROUTE_FILE as FILE,
} from './__testUtils__/deliveredRoute';
import type { PipelineStage } from './__testUtils__/PipelineStage';
import {
  fileWith,
  ROUTE_PATH,
  saying,
  UNTOUCHED,
  UPDATED,
  UpdatesStage,
} from './__testUtils__/UpdatesStage';

jest.setTimeout(120_000);

const describeWithGit = hasGit()
  ? describe.each(TEST_CLUSTERS)
  : describe.skip.each(TEST_CLUSTERS);

describeWithGit(
  'a change that is proposed otherwise, on %s',
  (_cluster, start) => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let cluster: TestCluster;
    let knex: Awaited<ReturnType<typeof databases.init>>;
    let updates: UpdatesStage;
    let on: DeliveredStage;
    let forge: ForgeTrial;
    let stage: PipelineStage;
    let round = 0;

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      knex = await databases.init('SQLITE_3');
      await defineApplications(cluster);
    });

    beforeEach(async () => {
      round += 1;
      const namespace = `updates-${cluster.id}-${round}`;
      const deadlineMs = 5_000;
      const base = { cluster, namespace, knex, deadlineMs };
      updates = await UpdatesStage.open(base);
      on = updates.on;
      ({ forge, stage } = on);
    });

    afterEach(() => {
      on.close();
      return closeServers();
    });

    afterAll(() => cluster.stop());

    it('updates the pull request that waits, and is written once that is merged and delivered', async () => {
      const [{ request }] = await stage.remembered();
      expect(await updates.preview('3s')).toEqual({
        repository: forge.cloneUrl,
        base: 'main',
        files: [{ path: ROUTE_PATH, before: FILE, after: fileWith('3s') }],
        updates: {
          url: request!.url,
          sentence: saying('2s'),
          head: forge.standIn.repository.head(updates.branch),
        },
      });
      const { result, isWritten } = await on.propose('3s', '20, not 25');
      expect(isWritten).toBe(false);
      expect(result).toMatchObject({ request: request!.url });
      expect(result.remark).toBeUndefined();
      expect(await updates.told()).toEqual(UPDATED);
      const [newest, replaced] = await stage.remembered();
      expect(newest).toMatchObject({
        why: '20, not 25',
        request: {
          repository: forge.cloneUrl,
          base: 'main',
          branch: updates.branch,
          number: 1,
          url: request!.url,
        },
      });
      const shown = await toldOf(on.memory, [newest, replaced]);
      expect(shown.map(each => each.told.state)).toEqual([
        'proposed',
        'replaced',
      ]);
      expect(shown[1].told.canUndo).toBe(false);
      await on.look();
      expect(await on.states()).toEqual(['proposed', 'replaced']);
      await forge.merge(1);
      await on.deliver('3s');
      await on.look();
      expect(await on.states()).toEqual(['written', 'replaced']);
    });

    it('is updated again and again, and declined as one', async () => {
      await on.propose('3s');
      await on.propose('4s');
      // What was asked for at first is another change than what waits.
      await on.propose('2s');
      expect(await updates.told()).toEqual({
        commits: [saying('2s'), saying('4s'), saying('3s'), saying('2s')],
        file: fileWith('2s'),
        titles: [saying('2s')],
        states: ['proposed', 'replaced', 'replaced', 'replaced'],
      });
      await forge.close(1);
      await on.look();
      expect((await on.states())[0]).toBe('declined');
      await on.propose('5s');
      expect(forge.standIn.requests).toHaveLength(2);
    });

    it('twice: the same update is proposed already, also by two at once', async () => {
      const [one, two] = [await on.previewed('3s'), await on.previewed('3s')];
      const both = await Promise.allSettled([one(), two()]);
      expect(both.map(({ status }) => status).sort()).toEqual([
        'fulfilled',
        'rejected',
      ]);
      await expect(two()).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining('The same is proposed already: http'),
      });
      expect(await updates.told()).toEqual(UPDATED);
    });

    it('of two different ones at once, one updates and the other is told', async () => {
      const [one, two] = [await on.previewed('3s'), await on.previewed('4s')];
      const both = await Promise.allSettled([one(), two()]);
      const [refused] = both.filter(({ status }) => status === 'rejected');
      expect(refused).toMatchObject({ reason: { name: 'ConflictError' } });
      expect((await updates.told()).commits).toHaveLength(2);
      expect(await on.states()).toEqual(['proposed', 'replaced']);
    });

    it.each([
      ['merged', () => forge.merge(1)],
      ['closed', () => forge.close(1)],
    ])(
      'late: %s meanwhile, it is a conflict and then a new request',
      async (_which, decide) => {
        const update = await on.previewed('3s');
        await decide();
        await expect(update()).rejects.toMatchObject({
          name: 'ConflictError',
          message: expect.stringContaining('was merged or closed meanwhile'),
        });
        expect(await on.states()).toEqual(['proposed']);
        expect(forge.standIn.requests).toHaveLength(1);
      },
    );

    it('on another head than was seen: it is a conflict, and nothing is pushed', async () => {
      const update = await on.previewed('3s');
      const content = 'theirs\n';
      await forge.push(
        updates.branch,
        [{ path: ROUTE_PATH, content }],
        'Theirs',
      );
      const says =
        /Somebody else has pushed to the branch .* Merge or close that one first\./;
      await expect(update()).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringMatching(says),
      });
      expect(await updates.preview('3s')).toEqual({
        refused: expect.stringMatching(says),
      });
      expect(await updates.told()).toEqual({
        ...UNTOUCHED,
        commits: ['Theirs', saying('2s')],
        file: content,
      });
    });

    it('on another head than was seen: updated by a colleague meanwhile', async () => {
      const update = await on.previewed('4s');
      await on.propose('3s');
      await expect(update()).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining('has moved on since you looked at it'),
      });
      expect(await updates.told()).toEqual(UPDATED);
    });

    it('opened by a colleague since the preview, says that it can be updated', async () => {
      await forge.close(1);
      const open = await on.previewed('4s');
      await on.propose('3s');
      await expect(open()).rejects.toThrow(
        /waits for a decision already: http.* Preview the change again to update that one\. Nothing was opened\.$/,
      );
      expect(forge.standIn.requests).toHaveLength(2);
    });

    it('is refused while nobody can tell about the one that waits', async () => {
      const update = await on.previewed('3s');
      forge.standIn.intercept = ({ path }) =>
        /\/(pulls|merge_requests)/.test(path) ? { status: 502 } : undefined;
      expect(await updates.preview('3s')).toEqual({
        refused: expect.stringMatching(/Merge or close that one first\.$/),
      });
      await expect(update()).rejects.toMatchObject({ name: 'ConflictError' });
      updates.goOn();
      expect(await updates.told()).toEqual(UNTOUCHED);
    });
  },
);
