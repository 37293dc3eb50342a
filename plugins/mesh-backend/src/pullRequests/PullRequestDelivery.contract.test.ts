import { deliveredBy, type ObjectEdit } from '@meshdeck/istio-config';
import { parseAllDocuments } from 'yaml';
import { closeServers } from '../__testUtils__/serve';
import {
  Clone,
  FORGE_TRIALS,
  type ForgeTrial,
} from './__testUtils__/forgeTrials';
import { hasGit } from './__testUtils__/GitRepository';
import type { FileChange } from './Forge';
import { manifestChanges } from './manifestChanges';
import { manifestSources } from './manifestSources';
import { type Delivery, PullRequestDelivery } from './PullRequestDelivery';
import { branchOf } from './requestText';

const PATH = 'deploy/eu/reviews.yaml';
const FILE = '# ours\nweight: 90\n\n\n\n\n\nother: 1\nlast: é';
const ROUTE = `# who may wait how long
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: orion}
spec:
  hosts: [reviews]
  http:
      # see the runbook
    - timeout: "5s"   # was 3s
      route: [{destination: {host: reviews}}]
---
kind: Other
`;
const PERSON = 'user:default/jane';

const trials = Object.entries(FORGE_TRIALS);
const describeWithGit = hasGit()
  ? describe.each(trials)
  : describe.skip.each(trials);
if (!hasGit()) {
  console.info('Skipped: git and git-http-backend are not on this machine.');
}

describeWithGit('a pull request on %s', (_name, start) => {
  let trial: ForgeTrial;
  let requests: PullRequestDelivery;
  const clones: Clone[] = [];

  const cloned = async () => {
    const clone = await Clone.of(trial.cloneUrl);
    clones.push(clone);
    return clone;
  };
  /** A change of one file, from what it says on the base at that moment. */
  const replacing = (from: string, to: string, change = 'c-1'): Delivery => ({
    fields: {
      change,
      who: PERSON,
      what: `${from} becomes ${to}.`,
      why: 'Trial',
    },
    edit: async base => {
      const files = await base.list('deploy');
      const file = files.find(({ path }) => path === PATH)!;
      const before = await base.read(file);
      return [{ path: PATH, text: before.replace(from, to) }];
    },
  });
  const writing = (files: FileChange[]): Delivery => ({
    fields: { change: 'c-1', who: PERSON, what: 'Files.' },
    edit: async () => files,
  });

  beforeEach(async () => {
    trial = await start();
    await trial.push(
      'main',
      [
        { path: PATH, content: FILE },
        { path: 'README.md', content: 'Shop\n' },
      ],
      'First',
    );
    requests = new PullRequestDelivery(trial.forge);
  }, 60_000);

  afterEach(() => {
    clones.splice(0).forEach(clone => clone.remove());
    trial.stop();
    closeServers();
  });

  it('opens it with the changed file, and says who, what and why', async () => {
    const opened = await requests.deliver(replacing('90', '80'));
    expect(opened).toEqual({
      number: expect.any(Number),
      url: expect.stringMatching(/^http/),
      state: 'open',
      branch: 'meshdeck/c-1',
      base: 'main',
      head: expect.stringMatching(/^[0-9a-f]{40}$/),
      isNew: true,
    });
    const clone = await cloned();
    const changes = await clone.changes('main', opened.branch);
    expect(changes.match(/^[-+].*/gm)).toEqual([
      `--- a/${PATH}`,
      `+++ b/${PATH}`,
      '-weight: 90',
      '+weight: 80',
    ]);
    expect(await clone.file(opened.branch, PATH)).toBe(
      FILE.replace('90', '80'),
    );
    expect(await clone.messages('main', opened.branch)).toEqual([
      `90 becomes 80.\n\nAsked by: ${PERSON}\nWhy: Trial\nWhat: 90 becomes 80.\n\nMeshdeck-Change: c-1`,
    ]);
    expect(await requests.state('c-1')).toMatchObject({
      number: opened.number,
      state: 'open',
    });
    expect(await requests.state('c-2')).toBeUndefined();
  });

  it('done twice, finds the one that is open', async () => {
    const first = await requests.deliver(replacing('90', '80'));
    const second = await requests.deliver(replacing('90', '80'));
    expect(second).toEqual({ ...first, isNew: false });
    const clone = await cloned();
    expect(await clone.messages('main', first.branch)).toHaveLength(1);
  });

  it('done by two at once, makes one', async () => {
    const both = await Promise.all([
      requests.deliver(replacing('90', '80')),
      requests.deliver(replacing('90', '80')),
    ]);
    expect(new Set(both.map(({ number }) => number)).size).toBe(1);
    const clone = await cloned();
    expect(await clone.messages('main', branchOf('c-1'))).toHaveLength(1);
  });

  it('done half, goes on from the branch that is there', async () => {
    const { forge } = trial;
    const cutOff = new PullRequestDelivery(
      Object.assign(Object.create(forge), {
        open: () => Promise.reject(new Error('cut off')),
      }),
    );
    await expect(cutOff.deliver(replacing('90', '80'))).rejects.toThrow(
      'cut off',
    );
    expect(await requests.state('c-1')).toBeUndefined();
    const opened = await requests.deliver(replacing('90', '80'));
    expect(opened).toMatchObject({ state: 'open', isNew: true });
    const clone = await cloned();
    expect(await clone.messages('main', opened.branch)).toHaveLength(1);
  });

  it('asked for something else while it is open, leaves it as it is, and says so', async () => {
    const first = await requests.deliver(replacing('90', '80'));
    await expect(requests.deliver(replacing('90', '70'))).rejects.toThrow(
      'The branch meshdeck/c-1 has the change as it was worked out before',
    );
    const clone = await cloned();
    expect(await clone.messages('main', first.branch)).toHaveLength(1);
    expect(await clone.file(first.branch, PATH)).toBe(FILE.replace('90', '80'));
  });

  it('done half, opens nothing from a branch that changes more than what is wanted by now', async () => {
    const text = FILE.replace('90', '80');
    const both = writing([
      { path: PATH, text },
      { path: 'README.md', text: 'Shop!\n' },
    ]);
    const cutOff = new PullRequestDelivery(
      Object.assign(Object.create(trial.forge), {
        open: () => Promise.reject(new Error('cut off')),
      }),
    );
    await expect(cutOff.deliver(both)).rejects.toThrow('cut off');
    await expect(
      requests.deliver(writing([{ path: PATH, text }])),
    ).rejects.toThrow('make the change anew');
    expect(trial.standIn.requests).toEqual([]);
    expect(await requests.deliver(both)).toMatchObject({ isNew: true });
  });

  it('is told as merged, with the commit that did it, and is not made again', async () => {
    const opened = await requests.deliver(replacing('90', '80'));
    await trial.merge(opened.number);
    const merged = await requests.state('c-1');
    expect(merged).toMatchObject({ number: opened.number, state: 'merged' });
    const clone = await cloned();
    expect(await clone.contains('main', merged!.mergeCommit!)).toBe(true);
    expect(await clone.file('main', PATH)).toBe(FILE.replace('90', '80'));
    expect(await requests.deliver(replacing('90', '80'))).toEqual({
      ...opened,
      ...merged,
      head: undefined,
      isNew: false,
    });
  });

  it('is told as closed, and is not made again', async () => {
    const opened = await requests.deliver(replacing('90', '80'));
    await trial.close(opened.number);
    expect(await requests.state('c-1')).toMatchObject({ state: 'closed' });
    expect(await requests.deliver(replacing('90', '70'))).toMatchObject({
      number: opened.number,
      state: 'closed',
      isNew: false,
    });
  });

  it('leaves a branch alone to which somebody else has pushed', async () => {
    const opened = await requests.deliver(replacing('90', '80'));
    await trial.push(
      opened.branch,
      [{ path: PATH, content: 'theirs\n' }],
      'Better',
    );
    await expect(requests.deliver(replacing('90', '70'))).rejects.toThrow(
      'Somebody else has pushed to the branch meshdeck/c-1',
    );
    const clone = await cloned();
    expect(await clone.file(opened.branch, PATH)).toBe('theirs\n');
  });

  it('loses nothing of what reaches the base between reading and writing', async () => {
    const delivery = replacing('90', '80');
    let asked = 0;
    const opened = await requests.deliver({
      ...delivery,
      edit: async base => {
        const files = await delivery.edit(base);
        if (asked++ === 0) {
          const content = FILE.replace('other: 1', 'other: 2');
          await trial.push('main', [{ path: PATH, content }], 'Meanwhile');
        }
        return files;
      },
    });
    await trial.merge(opened.number);
    const clone = await cloned();
    expect(await clone.file('main', PATH)).toBe(
      FILE.replace('90', '80').replace('other: 1', 'other: 2'),
    );
  });

  it('makes and deletes files', async () => {
    const opened = await requests.deliver(
      writing([
        { path: 'deploy/new file.yaml', text: 'a: 1\r\n' },
        { path: PATH, text: undefined },
        { path: 'README.md', text: 'Shop!' },
      ]),
    );
    const clone = await cloned();
    expect(await clone.file(opened.branch, 'deploy/new file.yaml')).toBe(
      'a: 1\r\n',
    );
    expect(await clone.file(opened.branch, 'README.md')).toBe('Shop!');
    await expect(clone.file(opened.branch, PATH)).rejects.toThrow(
      'does not exist',
    );
  });

  it('brings an edit of what Argo CD delivers to the one line of its file', async () => {
    const path = 'deploy/eu/route.yaml';
    const file = ROUTE.replace(/\n/g, '\r\n').trimEnd();
    await trial.push('main', [{ path, content: file }], 'Route');
    const before = parseAllDocuments(ROUTE)[0].toJS();
    before.metadata.annotations = {
      'argocd.argoproj.io/tracking-id':
        'shop:networking.istio.io/VirtualService:orion/reviews',
    };
    const read = async () => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'shop' },
      spec: {
        source: {
          repoURL: 'https://x/y/z',
          path: 'deploy',
          directory: { recurse: true },
        },
      },
    });
    const sources = await manifestSources(before, deliveredBy(before)!, read);
    const edit: ObjectEdit = {
      action: 'change',
      before,
      operations: [
        { op: 'test', at: ['spec', 'http', 0, 'timeout'], value: '5s' },
        { op: 'replace', at: ['spec', 'http', 0, 'timeout'], value: '7s' },
      ],
    };
    const delivery: Delivery = {
      fields: { change: 'c-1', who: PERSON, what: 'Timeout 7 s.' },
      base: sources[0].branch,
      edit: base => manifestChanges(base, sources, edit),
    };
    const { files } = await requests.preview(delivery);
    expect(files).toEqual([
      { path, before: file, text: file.replace('5s', '7s') },
    ]);
    const opened = await requests.deliver(delivery);
    const clone = await cloned();
    expect(await clone.file(opened.branch, path)).toBe(
      file.replace('5s', '7s'),
    );
    await trial.merge(opened.number);
    expect(await requests.state('c-1')).toMatchObject({ state: 'merged' });
  });

  it('says what is missing', async () => {
    await expect(
      requests.deliver({ ...replacing('90', '80'), base: 'v1' }),
    ).rejects.toThrow('has no branch v1 in this repository');
    const other = new PullRequestDelivery(trial.forgeWith('wrong-token'));
    const refused = other.deliver(replacing('90', '80'));
    await expect(refused).rejects.toThrow(
      'does not take the portal’s token (401)',
    );
    await expect(refused).rejects.not.toThrow('wrong-token');
    expect(await (await cloned()).branches()).toEqual(['main']);
  });
});
