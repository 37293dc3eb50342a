import { closeServers } from '../__testUtils__/serve';
import { FORGE_TRIALS, type ForgeTrial } from './__testUtils__/forgeTrials';
import { hasGit } from './__testUtils__/GitRepository';
import { PullRequestDelivery } from './PullRequestDelivery';

const PATH = 'deploy/eu/reviews.yaml';

const trials = Object.entries(FORGE_TRIALS);
const describeWithGit = hasGit()
  ? describe.each(trials)
  : describe.skip.each(trials);
if (!hasGit()) {
  console.info('Skipped: git and git-http-backend are not on this machine.');
}

describeWithGit('what is read on %s', (_name, start) => {
  let trial: ForgeTrial;

  beforeEach(async () => {
    trial = await start();
    await trial.push(
      'main',
      [
        { path: PATH, content: 'weight: 90\n' },
        { path: 'README.md', content: 'Shop\n' },
      ],
      'First',
    );
  }, 60_000);

  afterEach(() => {
    trial.stop();
    closeServers();
  });

  it('finds no files where there are none', async () => {
    const { forge } = trial;
    const listed = async (folder: string) => {
      const head = await forge.head('main');
      const files = await forge.list(head!.commit, folder);
      return files.map(({ path }) => path);
    };
    expect(await listed('')).toEqual(['README.md', PATH]);
    expect(await listed('deploy/eu')).toEqual([PATH]);
    expect(await listed('deploy/us')).toEqual([]);
    await trial.push(
      'main',
      [PATH, 'README.md'].map(path => ({ path, content: null })),
      'Nothing left',
    );
    expect(await listed('')).toEqual([]);
  });

  it('asks for each file once, and in a second preview only which there are', async () => {
    const content = (number: number) => `number: ${number}\n`;
    const paths = [...Array(40).keys()].map(each => `many/${each}.yaml`);
    await trial.push(
      'main',
      paths.map((path, each) => ({ path, content: content(each) })),
      'Many',
    );
    const { asked } = trial.standIn;
    const previewed = async () => {
      const before = asked.length;
      const texts: string[] = [];
      await new PullRequestDelivery(trial.again()).preview({
        base: 'main',
        edit: async base => {
          for (const file of await base.list('many')) {
            texts.push(await base.read(file));
          }
          return [];
        },
      });
      expect(texts.sort()).toEqual(
        paths.map((_, each) => content(each)).sort(),
      );
      return asked.length - before;
    };
    const first = await previewed();
    const second = await previewed();
    expect(first - second).toBe(paths.length);
    expect(second).toBeLessThanOrEqual(3);
    // One that changed has another id.
    const [path] = paths;
    await trial.push('main', [{ path, content: 'number: 0\n# now\n' }], 'One');
    const changed = await trial.forge.head('main');
    const files = await trial.forge.list(changed!.commit, 'many');
    const file = files.find(one => one.path === path)!;
    expect(await trial.forge.read(file)).toBe('number: 0\n# now\n');
  });

  it('asks for a folder of a commit once', async () => {
    const { asked } = trial.standIn;
    let [first, second] = [0, 0];
    await new PullRequestDelivery(trial.forge).preview({
      edit: async base => {
        await base.list('deploy');
        first = asked.length;
        await base.list('deploy');
        second = asked.length;
        return [];
      },
    });
    expect(second).toBe(first);
  });
});
