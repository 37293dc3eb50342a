import {
  differing,
  filesAt,
  headOf,
  notYet,
  type RepositorySnapshot,
  snapshotOf,
} from './atCommit';
import type {
  CommittedFile,
  FileChange,
  Forge,
  ForgeCommit,
  PullRequest,
} from './Forge';
import { ForgeError } from './ForgeError';
import {
  changeOfBranch,
  hasMark,
  isMarked,
  type RequestFields,
  requestText,
} from './requestText';

/** An open request whose branch was made for a change, and may have been updated for others since. */
interface OpenRequest {
  number: number;
  url: string;
  branch: string;
  base: string;
}

/** What the portal last left on a branch. */
interface LeftCommit {
  /** The change that it was for. */
  change: string;
  /** Absent where that could not be noted. */
  head?: string;
}

/** An update that can be pushed. */
export interface PreparedUpdate {
  request: OpenRequest;
  /** What it is pushed upon. */
  head: string;
  files: readonly CommittedFile[];
}

/** Brings another change to a pull request that is open: one more commit, and another title and description. */
export class PullRequestUpdate {
  constructor(private readonly forge: Forge) {}

  /** The head of an open request's branch. @throws ForgeError where it is not what the portal left there, or was decided. */
  async left(
    { branch, base }: Pick<OpenRequest, 'branch' | 'base'>,
    { change, head }: LeftCommit,
  ): Promise<string> {
    const request = await this.forge.find(branch, base);
    if (request?.state !== 'open') {
      throw new ForgeError(
        'conflict',
        `The pull request of ${branch} is not open any more.`,
      );
    }
    const found = await this.forge.head(branch);
    const isOurs =
      found && (head ? found.commit === head : hasMark(found.message, change));
    if (!isOurs) {
      throw foreign(branch);
    }
    return found.commit;
  }

  /**
   * Which files are to be committed: those of the change, worked out on the base as it is now, and those that only earlier changes touched, as
   * the base has them.
   *
   * @throws ForgeError, and whatever the edit throws; nothing is written.
   */
  async prepare(
    request: OpenRequest,
    head: string,
    edit: (base: RepositorySnapshot) => Promise<FileChange[]>,
  ): Promise<PreparedUpdate> {
    const { base } = request;
    const { commit } = await headOf(this.forge, base);
    const snapshot = snapshotOf(this.forge, commit);
    const files = await edit(snapshot);
    if (files.length === 0) {
      throw new ForgeError(
        'conflict',
        `The files say that already on ${base}: close ${request.url} instead.`,
      );
    }
    const paths = files.map(({ path }) => path);
    const start = await this.startOf(request.branch, head);
    const touched = await differing(this.forge, head, start);
    const others = touched.filter(path => !paths.includes(path));
    const there = await filesAt(snapshot, others);
    const back = await Promise.all(
      others.map(async path => {
        const file = there.get(path);
        return { path, text: file && (await snapshot.read(file)) };
      }),
    );
    const wanted = await notYet(this.forge, head, [...files, ...back]);
    return { request, head, files: wanted };
  }

  /**
   * Pushes the commit.
   *
   * @returns the new head.
   * @throws ForgeError as a conflict where the branch has another head by now, or the request was decided without this commit.
   */
  async push(
    { request, head, files }: PreparedUpdate,
    fields: RequestFields,
  ): Promise<string> {
    const { branch, base, url } = request;
    if (files.length === 0) {
      return head;
    }
    await this.requireHead(branch, head);
    const { message } = requestText(fields);
    const commit = await this.appended({ branch, head, message, files });
    const found = await this.forge.find(branch, base);
    const isIn =
      found?.state === 'open' ||
      (found && (await this.has(found, branch, fields.change)));
    if (!isIn) {
      throw new ForgeError(
        'conflict',
        `${url} was ${
          found?.state ?? 'closed'
        } meanwhile, without this change: its branch has a commit more that leads nowhere. Make the change anew.`,
      );
    }
    return commit;
  }

  /** Title and description become those of another change. */
  async reword(number: number, fields: RequestFields): Promise<void> {
    const { title, body } = requestText(fields);
    await this.forge.reword(number, { title, body });
  }

  /** Whether a request has the commit of a change: of one that is decided, whether it was decided with it. */
  async has(
    { number, state }: PullRequest,
    branch: string,
    change: string,
  ): Promise<boolean> {
    const ref = state === 'open' ? branch : await this.forge.lastCommit(number);
    const commits = await this.forge.history(ref);
    return commits.some(({ message }) => hasMark(message, change));
  }

  /** @throws ForgeError where somebody was there since it was looked at. */
  private async requireHead(branch: string, head: string): Promise<void> {
    const now = await this.forge.head(branch);
    if (now?.commit !== head) {
      throw movedOn(branch);
    }
  }

  private async appended(
    commit: Parameters<Forge['append']>[0],
  ): Promise<string> {
    try {
      return await this.forge.append(commit);
    } catch (error) {
      if (error instanceof ForgeError && error.reason === 'conflict') {
        await this.requireHead(commit.branch, commit.head);
      }
      throw error;
    }
  }

  /** The commit upon which a branch was made: all since then are the portal's own. @throws ForgeError where they are not. */
  private async startOf(branch: string, head: string): Promise<string> {
    const first = changeOfBranch(branch);
    const history = await this.forge.history(head);
    const commits = new Map(history.map(each => [each.commit, each]));
    let at: ForgeCommit | undefined = commits.get(head);
    while (at && isMarked(at.message) && at.parents.length === 1) {
      const [parent] = at.parents;
      if (hasMark(at.message, first)) {
        return parent;
      }
      at = commits.get(parent);
    }
    throw foreign(branch);
  }
}

/** The head of a branch is not the one that was looked at. */
export function movedOn(branch: string): ForgeError {
  return new ForgeError(
    'conflict',
    `The branch ${branch} has moved on since you looked at it: somebody pushed to it, or the pull request was updated meanwhile. Nothing was pushed; look again.`,
  );
}

function foreign(branch: string): ForgeError {
  return new ForgeError(
    'protected',
    `Somebody else has pushed to the branch ${branch}, so it is left as it is.`,
  );
}
