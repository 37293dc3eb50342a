import { closeServers } from '../__testUtils__/serve';
import {
  Clone,
  FORGE_TRIALS,
  type ForgeTrial,
} from './__testUtils__/forgeTrials';
import { hasGit } from './__testUtils__/GitRepository';
import type { FileChange } from './Forge';
import {
  type DeliveredRequest,
  PullRequestDelivery,
} from './PullRequestDelivery';
import { PullRequestUpdate } from './PullRequestUpdate';
import type { RequestFields } from './requestText';

const PATH = 'deploy/eu/reviews.yaml';
const OTHER = 'deploy/eu/ratings.yaml';
const NEW = 'deploy/new.yaml';
const FILE = '# ours\nweight: 90\n\n\n\n\n\nother: 1\nlast: é';
const PERSON = 'user:default/jane';
/** By these, what a commit has made comes to a branch. */
const LAST_WRITE = /\/contents$|\/repository\/commits$|\/git\/refs\/heads\//;

const weighing = (weight: number): FileChange[] => [
  { path: PATH, text: FILE.replace('90', `${weight}`) },
];
const fieldsOf = (change: string): RequestFields => ({
  change,
  who: PERSON,
  what: `What ${change} does.`,
  why: 'Trial',
});

const trials = Object.entries(FORGE_TRIALS);
const describeWithGit = hasGit()
  ? describe.each(trials)
  : describe.skip.each(trials);

describeWithGit('an update of a pull request on %s', (name, start) => {
  let trial: ForgeTrial;
  let updates: PullRequestUpdate;
  let opened: DeliveredRequest;
  const clones: Clone[] = [];

  const cloned = async () => {
    const clone = await Clone.of(trial.cloneUrl);
    clones.push(clone);
    return clone;
  };
  const update = async (
    change: string,
    files: FileChange[],
    head = opened.head!,
  ) => {
    const prepared = await updates.prepare(opened, head, async () => files);
    return updates.push(prepared, fieldsOf(change));
  };
  const left = (change = 'c-1', head = opened.head) =>
    updates.left(opened, { change, head });
  const messages = async () =>
    (await (await cloned()).messages('main', opened.branch)).map(
      message => message.split('\n')[0],
    );
  /** Somebody pushes at the moment at which the commit would come to the branch. */
  const meanwhile = (path: string) => {
    trial.standIn.intercept = asked => {
      if (asked.method !== 'GET' && LAST_WRITE.test(asked.path)) {
        trial.standIn.intercept = () => undefined;
        const { repository } = trial.standIn;
        repository.commit(opened.branch, [{ path, content: 'b\n' }], 'Theirs');
      }
      return undefined;
    };
  };

  beforeEach(async () => {
    trial = await start();
    const files = [
      { path: PATH, content: FILE },
      { path: OTHER, content: 'a: 1\r\n' },
      { path: 'README.md', content: 'Shop\n' },
    ];
    await trial.push('main', files, 'First');
    updates = new PullRequestUpdate(trial.forge);
    opened = await new PullRequestDelivery(trial.forge).deliver({
      fields: fieldsOf('c-1'),
      edit: async () => [
        ...weighing(80),
        { path: OTHER },
        { path: NEW, text: 'new: 1\n' },
      ],
    });
  }, 60_000);

  afterEach(() => {
    clones.splice(0).forEach(clone => clone.remove());
    trial.stop();
    closeServers();
  });

  it('is one more commit, puts back what only the earlier change touched, and says what it is for now', async () => {
    expect(await left()).toBe(opened.head);
    const head = await update('c-2', weighing(70));
    await updates.reword(opened.number, fieldsOf('c-2'));
    const clone = await cloned();
    const changes = await clone.changes('main', opened.branch);
    expect(changes.match(/^[-+].*/gm)).toEqual([
      `--- a/${PATH}`,
      `+++ b/${PATH}`,
      '-weight: 90',
      '+weight: 70',
    ]);
    expect(await clone.file(opened.branch, OTHER)).toBe('a: 1\r\n');
    expect(await clone.messages('main', opened.branch)).toEqual([
      `What c-2 does.\n\nAsked by: ${PERSON}\nWhy: Trial\nWhat: What c-2 does.\n\nMeshdeck-Change: c-2`,
      expect.stringContaining('Meshdeck-Change: c-1'),
    ]);
    expect(trial.standIn.requests).toEqual([
      expect.objectContaining({
        number: opened.number,
        state: 'open',
        title: 'What c-2 does.',
        body: expect.stringContaining('What: What c-2 does.'),
      }),
    ]);
    expect(await left('c-2', head)).toBe(head);
    // Where the head could not be noted, the commit says whose it is.
    expect(await updates.left(opened, { change: 'c-2' })).toBe(head);
    expect(trial.standIn.requests).toHaveLength(1);
  });

  it('is done again for a third change', async () => {
    const second = await update('c-2', weighing(70));
    await update('c-3', [{ path: OTHER, text: 'a: 2\r\n' }], second);
    const clone = await cloned();
    const changes = await clone.changes('main', opened.branch);
    expect(changes.match(/^[-+]{3} .*/gm)).toEqual([
      `--- a/${OTHER}`,
      `+++ b/${OTHER}`,
    ]);
    expect(await messages()).toEqual([
      'What c-3 does.',
      'What c-2 does.',
      'What c-1 does.',
    ]);
  });

  it('is worked out on the base as it is by then, and keeps what came there', async () => {
    const content = FILE.replace('other: 1', 'other: 2');
    await trial.push('main', [{ path: PATH, content }], 'Meanwhile');
    await trial.push('main', [{ path: OTHER, content: 'a: 5\n' }], 'And');
    const prepared = await updates.prepare(opened, opened.head!, async base => {
      const files = await base.list('deploy/eu');
      const file = files.find(({ path }) => path === PATH)!;
      const before = await base.read(file);
      return [{ path: PATH, text: before.replace('90', '70') }];
    });
    await updates.push(prepared, fieldsOf('c-2'));
    await trial.merge(opened.number);
    const clone = await cloned();
    expect(await clone.file('main', PATH)).toBe(content.replace('90', '70'));
    expect(await clone.file('main', OTHER)).toBe('a: 5\n');
  });

  it('done twice from the same head, is done once', async () => {
    await update('c-2', weighing(70));
    await expect(update('c-3', weighing(60))).rejects.toMatchObject({
      reason: 'conflict',
      message: expect.stringContaining('has moved on since you looked at it'),
    });
    const both = await Promise.allSettled([
      update('c-4', weighing(50)),
      update('c-5', weighing(40)),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await messages()).toEqual(['What c-2 does.', 'What c-1 does.']);
  });

  it('refuses a branch to which somebody else has pushed, also under the same message', async () => {
    const { repository } = trial.standIn;
    const message = repository.message(opened.head!);
    await trial.push(
      opened.branch,
      [{ path: PATH, content: 'theirs\n' }],
      message,
    );
    await expect(left()).rejects.toMatchObject({ reason: 'protected' });
    await expect(update('c-2', weighing(70))).rejects.toThrow('moved on');
    await trial.push(opened.branch, [{ path: OTHER, content: 'x' }], 'Theirs');
    await expect(updates.left(opened, { change: 'c-1' })).rejects.toThrow(
      'Somebody else has pushed to the branch meshdeck/c-1',
    );
    const head = repository.head(opened.branch);
    await expect(update('c-2', weighing(70), head)).rejects.toThrow(
      'Somebody else has pushed',
    );
    expect(await (await cloned()).file(opened.branch, PATH)).toBe('theirs\n');
  });

  it('never overwrites what somebody pushes to the same file at that very moment', async () => {
    meanwhile(PATH);
    await expect(update('c-2', weighing(70))).rejects.toMatchObject({
      reason: 'conflict',
      message: expect.stringContaining('has moved on since you looked at it'),
    });
    expect(await messages()).toEqual(['Theirs', 'What c-1 does.']);
    expect(await (await cloned()).file(opened.branch, PATH)).toBe('b\n');
  });

  it('of what somebody pushes to another file at that very moment, loses nothing', async () => {
    meanwhile('README.md');
    const [updated] = await Promise.allSettled([update('c-2', weighing(70))]);
    // The others have no such condition for a branch.
    expect(updated.status === 'rejected').toBe(name === 'GitHub');
    const head = trial.standIn.repository.head(opened.branch);
    await expect(update('c-3', weighing(60), head)).rejects.toThrow(
      'Somebody else has pushed',
    );
    expect(await messages()).toContain('Theirs');
    expect(await (await cloned()).file(opened.branch, 'README.md')).toBe('b\n');
  });

  it('is refused where nothing would be left of the request', async () => {
    await expect(update('c-2', [])).rejects.toThrow(
      'The files say that already on main',
    );
    expect(await messages()).toEqual(['What c-1 does.']);
  });

  it('comes too late once the request is decided, and tells whether it was decided with it', async () => {
    const prepared = await updates.prepare(opened, opened.head!, async () =>
      weighing(70),
    );
    await trial.merge(opened.number);
    await expect(left()).rejects.toThrow('is not open any more');
    await expect(updates.push(prepared, fieldsOf('c-2'))).rejects.toThrow(
      'was merged meanwhile, without this change',
    );
    const found = await trial.forge.find(opened.branch, 'main');
    const has = (change: string) => updates.has(found!, opened.branch, change);
    expect(await has('c-2')).toBe(false);
    expect(await has('c-1')).toBe(true);
    const clone = await cloned();
    expect(await clone.file('main', PATH)).toBe(FILE.replace('90', '80'));
  });

  it('merged right after it came, is in', async () => {
    trial.standIn.intercept = ({ method, path }) => {
      const { repository } = trial.standIn;
      const isIn = repository.head(opened.branch) !== opened.head;
      if (isIn && method === 'GET' && /\/(pulls|merge_requests)/.test(path)) {
        trial.standIn.intercept = () => undefined;
        trial.standIn.merge(opened.number);
      }
      return undefined;
    };
    await update('c-2', weighing(70));
    expect(trial.standIn.requests[0].state).toBe('merged');
    const clone = await cloned();
    expect(await clone.file('main', PATH)).toBe(FILE.replace('90', '70'));
  });
});
