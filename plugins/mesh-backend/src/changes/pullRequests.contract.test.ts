import { TestDatabases } from '@backstage/backend-test-utils';
import { closeServers } from '../__testUtils__/serve';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import type { ChangeMemory } from '../memory/ChangeMemory';
import {
  Clone,
  type ForgeTrial,
} from '../pullRequests/__testUtils__/forgeTrials';
import { hasGit } from '../pullRequests/__testUtils__/GitRepository';
import {
  type OpeningBody,
  requestIn,
} from '../pullRequests/__testUtils__/standInOperations';
import type { ChangeRequests } from './ChangeRequests';
import { undoChange } from './undoChange';
import { DeliveredStage } from './__testUtils__/DeliveredStage';
import {
  defineApplications,
  delivered,
  refOf,
  ROUTE_FILE as FILE,
  waiting,
} from './__testUtils__/deliveredRoute';
import { PipelineStage } from './__testUtils__/PipelineStage';
import { weightedService } from './__testUtils__/weightedService';

jest.setTimeout(120_000);

const DEADLINE_MS = 5_000;

const describeWithGit = hasGit()
  ? describe.each(TEST_CLUSTERS)
  : describe.skip.each(TEST_CLUSTERS);
if (!hasGit()) {
  console.info('Skipped: git and git-http-backend are not on this machine.');
}

describeWithGit(
  'a change of what Argo CD delivers, on %s',
  (_cluster, start) => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let cluster: TestCluster;
    let knex: Awaited<ReturnType<typeof databases.init>>;
    let on: DeliveredStage;
    let memory: ChangeMemory;
    let forge: ForgeTrial;
    let stage: PipelineStage;
    let requests: ChangeRequests;
    let round = 0;

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      knex = await databases.init('SQLITE_3');
      await defineApplications(cluster);
    });

    beforeEach(async () => {
      round += 1;
      const namespace = `files-${cluster.id}-${round}`;
      const deadlineMs = DEADLINE_MS;
      on = await DeliveredStage.open({ cluster, namespace, knex, deadlineMs });
      ({ forge, memory, stage, requests } = on);
    });

    afterEach(() => {
      on.close();
      return closeServers();
    });

    afterAll(() => cluster.stop());

    const timeout = () => on.timeout();
    const propose = () => on.propose();
    const states = () => on.states();
    const watcher = () => on.watcher();
    const look = () => on.look();
    const deliver = (value: string) => on.deliver(value);

    it('shows what becomes of its file, opens a pull request, and is written once that is merged and delivered', async () => {
      const { pullRequest, revertedBy } = await stage.preview(
        waiting(stage.namespace, '2s'),
      );
      expect(revertedBy).toBe('Argo CD');
      expect(pullRequest).toEqual({
        repository: forge.cloneUrl,
        base: 'main',
        files: [
          {
            path: 'eu/auth.yaml',
            before: FILE,
            after: FILE.replace('"1s"', '"2s"'),
          },
        ],
      });
      const { result, isWritten } = await propose();
      expect(isWritten).toBe(false);
      expect(result.request).toMatch(/\/pulls\/1$/);
      expect(await timeout()).toBe('1s');
      const [change] = await stage.remembered();
      expect(change).toMatchObject({
        state: 'proposed',
        why: 'it hangs',
        request: { number: 1, base: 'main', url: result.request },
      });
      const clone = await Clone.of(forge.cloneUrl);
      const branch = `meshdeck/${change.id}`;
      const changed = await clone.changes('main', branch);
      expect(
        changed.split('\n').filter(line => /^[-+][^-+]/.test(line)),
      ).toEqual([
        '-        - timeout: "1s"   # see the runbook',
        '+        - timeout: "2s"   # see the runbook',
      ]);

      await look();
      expect(await states()).toEqual(['proposed']);
      await forge.merge(1);
      await look();
      // It is merged, and not in the cluster yet.
      expect(await states()).toEqual(['proposed']);
      await deliver('2s');
      await look();
      expect(await states()).toEqual(['written']);

      const [written] = await stage.remembered();
      const back = await stage.preview(undoChange(written));
      expect(back.pullRequest?.files?.[0]).toMatchObject({
        path: 'eu/auth.yaml',
        after: FILE,
      });
    });

    it('is proposed once, however often and by how many it is asked', async () => {
      const answers = await Promise.allSettled([propose(), propose()]);
      expect(answers.map(({ status }) => status).sort()).toEqual([
        'fulfilled',
        'rejected',
      ]);
      await expect(propose()).rejects.toThrow(
        /^The same is proposed already: http.*\/pulls\/1\. Nothing was opened\.$/,
      );
      expect(forge.standIn.requests).toHaveLength(1);
      expect(await states()).toEqual(['proposed']);
      await forge.close(1);
      await propose();
      expect(forge.standIn.requests).toHaveLength(2);
    });

    it.each<[string, object, string]>([
      ['another service', { service: 'other' }, ''],
      ['more objects', {}, 'ratings'],
    ])(
      'is refused while a change of %s waits, and says which',
      async (_which, place, alsoOf) => {
        await propose();
        const [{ steps }] = await stage.remembered();
        const edits = steps.map(({ edit }) => edit);
        const [edit] = JSON.parse(JSON.stringify(edits));
        edit.before.metadata.name = alsoOf;
        await knex('mesh_changes')
          .where({ state: 'proposed' })
          .update({
            ...place,
            edits: JSON.stringify(alsoOf ? [...edits, edit] : edits),
          });
        const other = waiting(stage.namespace, '3s');
        const proposed = { asPullRequest: true, takeOver: undefined };
        const open = await stage.previewed(other, proposed);
        const waits =
          /^A change of VirtualService .*auth waits for a decision already: http.*\/pulls\/1 \(A request is answered 504 after 2s\.\) Merge or close that one first\./;
        await expect(open()).rejects.toThrow(waits);
        expect((await stage.preview(other)).pullRequest).toEqual({
          refused: expect.stringMatching(waits),
        });
        expect(forge.standIn.requests).toHaveLength(1);
        // As long as nobody can tell, it may still be merged.
        forge.standIn.intercept = ({ path }) =>
          path.includes('/pulls/') ? { status: 502 } : undefined;
        await expect(open()).rejects.toThrow(waits);
        forge.standIn.intercept = () => undefined;
        await forge.close(1);
        expect((await stage.preview(other)).pullRequest?.files).toHaveLength(1);
        await open();
        expect(forge.standIn.requests).toHaveLength(2);
      },
    );

    it('is no pull request where nothing delivers it', async () => {
      await cluster.patch(refOf(stage.namespace), {
        metadata: { annotations: { 'argocd.argoproj.io/tracking-id': null } },
      });
      const change = waiting(stage.namespace, '2s');
      expect((await stage.preview(change)).pullRequest).toBeUndefined();
      await expect(propose()).rejects.toThrow(/in no repository/);
      expect(await states()).toEqual([]);
    });

    it('is neither asked about nor a pull request where the mark came with a copy of another object', async () => {
      await cluster.patch(refOf(stage.namespace), {
        metadata: {
          annotations: {
            'argocd.argoproj.io/tracking-id': `shop:networking.istio.io/VirtualService:${stage.namespace}/other`,
          },
        },
      });
      const change = waiting(stage.namespace, '2s');
      const preview = await stage.preview(change);
      expect(preview.revertedBy).toBeUndefined();
      expect(preview.pullRequest).toBeUndefined();
      await expect(propose()).rejects.toThrow(/in no repository/);
      const write = await stage.previewed(change);
      await write();
      expect(await timeout()).toBe('2s');
    });

    it('is looked at less often the longer it is open', async () => {
      await propose();
      const [change] = await stage.remembered();
      const aged = jest.spyOn(memory.proposals, 'awaited');
      const state = jest.spyOn(requests, 'state');
      const watch = watcher();
      const lookAt = async (ageMs: number) => {
        aged.mockResolvedValue([{ ...change, at: Date.now() - ageMs }]);
        state.mockClear();
        await watch.look();
        await watch.look();
        return state.mock.calls.length;
      };
      expect(await lookAt(0)).toBe(2);
      expect(await lookAt(3_600_000)).toBe(0);
      const fresh = watcher();
      await fresh.look();
      expect(state).toHaveBeenCalledTimes(1);
      jest.restoreAllMocks();
    });

    it('is a pull request only, where the portal is told so', async () => {
      const strict = await PipelineStage.open({
        cluster,
        namespace: `${stage.namespace}-only`,
        objects: [
          ...weightedService(`${stage.namespace}-only`, 'auth').slice(0, -1),
          delivered(`${stage.namespace}-only`),
        ],
        memory,
        deadlineMs: DEADLINE_MS,
        isRequestOnly: true,
      });
      const change = waiting(strict.namespace, '2s');
      expect(await strict.preview(change)).toMatchObject({
        isRequestOnly: true,
      });
      const write = await strict.previewed(change);
      await expect(write()).rejects.toThrow(/by pull request only/);
      strict.close();
    });

    it('is declined once its pull request is closed', async () => {
      await propose();
      await forge.close(1);
      await look();
      expect(await states()).toEqual(['declined']);
    });

    it('is found again by its branch where nobody knows whether it was opened', async () => {
      forge.standIn.intercept = ({ method, path }) => {
        if (method !== 'POST' || !path.endsWith('/pulls')) {
          return undefined;
        }
        const { body } = forge.standIn.asked.at(-1)!;
        forge.standIn.open(requestIn(body as OpeningBody));
        forge.standIn.intercept = asked =>
          asked.path.includes('/pulls') ? { status: 502 } : undefined;
        return { status: 502 };
      };
      on.clock.now = () => Date.now() - 21 * DEADLINE_MS;
      await expect(propose()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
      expect(await states()).toEqual(['proposing']);
      forge.standIn.intercept = () => undefined;
      await look();
      expect(await stage.remembered()).toMatchObject([
        { state: 'proposed', request: { number: 1 } },
      ]);
    });

    it('is forgotten where none was opened', async () => {
      forge.standIn.intercept = ({ path }) =>
        path.includes('/pulls') ? { status: 502 } : undefined;
      on.clock.now = () => Date.now() - 21 * DEADLINE_MS;
      await expect(propose()).rejects.toThrow();
      forge.standIn.intercept = () => undefined;
      await look();
      expect(await states()).toEqual([]);
      expect(await timeout()).toBe('1s');
    });

    it.each<[string, (ns: string) => Promise<unknown>, RegExp]>([
      [
        'the file says something else than the cluster',
        () =>
          forge.push(
            'main',
            [{ path: 'eu/auth.yaml', content: FILE.replace('1s', '9s') }],
            'other',
          ),
        /cluster/,
      ],
      [
        'a template makes it',
        () =>
          forge.push(
            'main',
            [
              {
                path: 'eu/auth.yaml',
                content: FILE.replace('"1s"', '{{ .Values.timeout }}'),
              },
            ],
            'other',
          ),
        /template|\{\{/i,
      ],
      [
        'the application is not in this cluster',
        namespace =>
          cluster.send(
            'DELETE',
            `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications/shop`,
          ),
        /Application .*shop.* is not in this cluster/,
      ],
    ])('says why there can be none where %s', async (_why, does, says) => {
      await does(stage.namespace);
      const { pullRequest } = await stage.preview(
        waiting(stage.namespace, '2s'),
      );
      expect(pullRequest).toEqual({ refused: expect.stringMatching(says) });
      await expect(propose()).rejects.toThrow(says);
      expect(await states()).toEqual([]);
      expect(forge.standIn.requests).toEqual([]);
    });
  },
);
