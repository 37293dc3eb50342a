import { Clone } from '../../pullRequests/__testUtils__/forgeTrials';
import { DeliveredStage } from './DeliveredStage';
import { ROUTE_FILE, waiting } from './deliveredRoute';

/** The only file that the route is in. */
export const ROUTE_PATH = 'eu/auth.yaml';

export const saying = (value: string) =>
  `A request is answered 504 after ${value}.`;
/** The file with another time. */
export const fileWith = (value: string) =>
  ROUTE_FILE.replace('"1s"', `"${value}"`);

/** All that is told of the request for 2 s, as it was opened. */
export const UNTOUCHED = {
  commits: [saying('2s')],
  file: fileWith('2s'),
  titles: [saying('2s')],
  states: ['proposed'],
};
/** The same, once it is for 3 s. */
export const UPDATED = {
  commits: [saying('3s'), saying('2s')],
  file: fileWith('3s'),
  titles: [saying('3s')],
  states: ['proposed', 'replaced'],
};

/** A {@link DeliveredStage} with a request that is open, for 2 s. */
export class UpdatesStage {
  static async open(
    options: Parameters<typeof DeliveredStage.open>[0],
  ): Promise<UpdatesStage> {
    const on = await DeliveredStage.open(options);
    // What nobody knows is found out at once.
    on.clock.now = () => Date.now() - 21 * options.deadlineMs;
    await on.propose('2s');
    const [{ id }] = await on.stage.remembered();
    return new UpdatesStage(on, `meshdeck/${id}`);
  }

  private constructor(readonly on: DeliveredStage, readonly branch: string) {}

  async preview(value: string) {
    const { stage } = this.on;
    const change = waiting(stage.namespace, value);
    return (await stage.preview(change)).pullRequest;
  }

  /** What git, the forge and the memory say. */
  async told() {
    const { forge } = this.on;
    const clone = await Clone.of(forge.cloneUrl);
    const commits = await clone.messages('main', this.branch);
    const file = await clone.file(this.branch, ROUTE_PATH);
    clone.remove();
    return {
      commits: commits.map(message => message.split('\n')[0]),
      file,
      titles: forge.standIn.requests.map(({ title }) => title),
      states: await this.on.states(),
    };
  }

  /** Nothing is heard any more from a write on, as where the portal dies before it. */
  cutOffBefore(path: RegExp): void {
    this.cutOff(path, false);
  }

  /** The same, after it. */
  cutOffAfter(path: RegExp): void {
    this.cutOff(path, true);
  }

  goOn(): void {
    this.on.forge.standIn.intercept = () => undefined;
  }

  private cutOff(path: RegExp, isHeard: boolean): void {
    let isCut = false;
    this.on.forge.standIn.intercept = asked => {
      const isIt = asked.method !== 'GET' && path.test(asked.path);
      if (isCut || (isIt && !isHeard)) {
        isCut = true;
        return { status: 502 };
      }
      isCut = isIt;
      return undefined;
    };
  }
}
