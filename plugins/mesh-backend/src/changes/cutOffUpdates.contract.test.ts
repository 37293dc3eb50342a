import { TestDatabases } from '@backstage/backend-test-utils';
import { closeServers } from '../__testUtils__/serve';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { FORGE_TRIALS } from '../pullRequests/__testUtils__/forgeTrials';
import { ForgeError } from '../pullRequests/ForgeError';
import { hasGit } from '../pullRequests/__testUtils__/GitRepository';
import type { DeliveredStage } from './__testUtils__/DeliveredStage';
import { defineApplications } from './__testUtils__/deliveredRoute';
import {
  saying,
  UNTOUCHED,
  UPDATED,
  UpdatesStage,
} from './__testUtils__/UpdatesStage';

jest.setTimeout(120_000);

/** By these, a commit comes to a branch, or a request gets other words. */
const LAST_WRITE = /\/contents$|\/repository\/commits$|\/git\/refs\/heads\//;
const REWORD = /\/(pulls|merge_requests)\/1$/;

const [[, start]] = TEST_CLUSTERS;
const forges = Object.keys(FORGE_TRIALS);
const describeWithGit = hasGit()
  ? describe.each(forges)
  : describe.skip.each(forges);

describeWithGit('an update of a pull request on %s that is cut off', forge => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let cluster: TestCluster;
  let knex: Awaited<ReturnType<typeof databases.init>>;
  let updates: UpdatesStage;
  let on: DeliveredStage;
  let round = 0;

  beforeAll(async () => {
    cluster = await TestCluster.open(start);
    knex = await databases.init('SQLITE_3');
    await defineApplications(cluster);
  });

  beforeEach(async () => {
    round += 1;
    const namespace = `cut-${forge.toLowerCase()}-${round}`;
    const deadlineMs = 5_000;
    const base = { cluster, namespace, knex, deadlineMs };
    updates = await UpdatesStage.open({ ...base, forge });
    on = updates.on;
  });

  afterEach(() => {
    on.close();
    return closeServers();
  });

  afterAll(() => cluster.stop());

  it('killed before the commit, the change before it waits again', async () => {
    const update = await on.previewed('3s');
    updates.cutOffBefore(LAST_WRITE);
    await expect(update()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
    expect(await on.states()).toEqual(['proposing', 'replaced']);
    updates.goOn();
    await on.look();
    expect(await updates.told()).toEqual(UNTOUCHED);
    await on.propose('3s');
    expect(await updates.told()).toEqual(UPDATED);
  });

  it('killed after the commit, it is finished', async () => {
    const update = await on.previewed('3s');
    updates.cutOffAfter(LAST_WRITE);
    await expect(update()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
    expect(await on.states()).toEqual(['proposing', 'replaced']);
    updates.goOn();
    expect(await updates.preview('4s')).toEqual({
      refused: expect.stringContaining('Merge or close that one first.'),
    });
    await on.look();
    expect(await updates.told()).toEqual(UPDATED);
    expect((await updates.preview('4s'))?.updates?.sentence).toBe(saying('3s'));
  });

  it('its answer lost, it is found by its mark', async () => {
    const update = await on.previewed('3s');
    const { forge: repository } = on.forge;
    const append = repository.append.bind(repository);
    jest.spyOn(repository, 'append').mockImplementation(async commit => {
      await append(commit);
      throw new ForgeError('unavailable', 'No answer.');
    });
    await expect(update()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
    expect(await on.states()).toEqual(['proposing', 'replaced']);
    await on.look();
    expect(await updates.told()).toEqual(UPDATED);
  });

  it('without its title it is told, and gets that later', async () => {
    const update = await on.previewed('3s');
    updates.cutOffBefore(REWORD);
    const { result } = await update();
    expect(result.remark).toMatch(/^The commit is there; title and/);
    expect(await updates.told()).toEqual({
      ...UPDATED,
      titles: [saying('2s')],
      states: ['proposing', 'replaced'],
    });
    updates.goOn();
    await on.look();
    expect(await updates.told()).toEqual(UPDATED);
  });

  it('killed after the commit, and merged before anybody looked', async () => {
    const update = await on.previewed('3s');
    updates.cutOffAfter(LAST_WRITE);
    await expect(update()).rejects.toThrow();
    updates.goOn();
    await on.forge.merge(1);
    await on.deliver('3s');
    await on.look();
    expect(await on.states()).toEqual(['written', 'replaced']);
  });

  it('taken back, and pushed late all the same, is noted again', async () => {
    const update = await on.previewed('3s');
    const { push } = on.requests.updates;
    const frozen = jest.spyOn(on.requests.updates, 'push');
    frozen.mockImplementation(async (...what) => {
      await on.look();
      expect(await on.states()).toEqual(['proposed']);
      return push.apply(on.requests.updates, what);
    });
    await update();
    expect(await updates.told()).toEqual(UPDATED);
    jest.restoreAllMocks();
  });
});
