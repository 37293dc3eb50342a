import {
  differing,
  headOf,
  notYet,
  type RepositorySnapshot,
  snapshotOf,
} from './atCommit';
import type { BranchHead, FileChange, Forge, PullRequest } from './Forge';
import { ForgeError } from './ForgeError';
import {
  branchOf,
  hasMark,
  type RequestFields,
  requestText,
} from './requestText';

/** A change to be delivered as a pull request. */
export interface Delivery {
  fields: RequestFields;
  /** The branch that it is for; by default the repository's own. */
  base?: string;
  /** What becomes of which files, worked out on the base as it is at that moment. Asked again where it moved on meanwhile. */
  edit: (base: RepositorySnapshot) => Promise<FileChange[]>;
}

/** Where a change stands. */
export interface DeliveredRequest extends PullRequest {
  branch: string;
  base: string;
  /** The newest commit of the branch; absent where somebody has decided already. */
  head?: string;
  /** Whether this call made it; otherwise all was there already. */
  isNew: boolean;
}

/**
 * Brings a change to a forge as a pull request. Its branch bears the change's id, so it can be done twice, or go on from where it was cut off:
 * whatever is there already is found, never made again.
 */
export class PullRequestDelivery {
  constructor(private readonly forge: Forge) {}

  /** @throws ForgeError where it is not done; the same call again goes on from there. */
  async deliver(delivery: Delivery): Promise<DeliveredRequest> {
    const base = delivery.base ?? (await this.forge.defaultBranch());
    try {
      return await this.attempt(delivery, base);
    } catch (error) {
      if (!(error instanceof ForgeError) || error.reason !== 'conflict') {
        throw error;
      }
      // Somebody else was there between reading and writing: read again, once.
      return await this.attempt(delivery, base);
    }
  }

  /** What becomes of the files, and of which commit; nothing is written. @throws ForgeError, and whatever the edit throws. */
  async preview<T extends FileChange>(delivery: {
    base?: string;
    edit: (base: RepositorySnapshot) => Promise<T[]>;
  }): Promise<{ base: string; commit: string; files: T[] }> {
    const base = delivery.base ?? (await this.forge.defaultBranch());
    const { commit } = await headOf(this.forge, base);
    return {
      base,
      commit,
      files: await delivery.edit(snapshotOf(this.forge, commit)),
    };
  }

  /** Undefined where there is none. */
  async state(
    change: string,
    base?: string,
    branch = branchOf(change),
  ): Promise<PullRequest | undefined> {
    return this.forge.find(branch, base ?? (await this.forge.defaultBranch()));
  }

  private async attempt(
    delivery: Delivery,
    base: string,
  ): Promise<DeliveredRequest> {
    const { change } = delivery.fields;
    const branch = branchOf(change);
    const { title, body, message } = requestText(delivery.fields);
    const known = await this.forge.find(branch, base);
    if (known && known.state !== 'open') {
      // Merged or closed: whoever did that decided, and the branch may be gone.
      return { ...known, branch, base, isNew: false };
    }
    const start = await headOf(this.forge, base);
    const files = await delivery.edit(snapshotOf(this.forge, start.commit));
    if (files.length === 0) {
      throw new ForgeError(
        'conflict',
        `The files say that already on ${base}.`,
      );
    }
    const own = await this.forge.head(branch);
    let head = own?.commit;
    if (own) {
      await this.requireSame(own, start, { change, branch, files });
    } else {
      head = await this.forge.commit({
        branch,
        parent: start.commit,
        startsFrom: base,
        message,
        files: await notYet(this.forge, start.commit, files),
      });
    }
    const request = known ?? (await this.opened(branch, base, title, body));
    return { ...request, branch, base, head, isNew: !own || !known };
  }

  /**
   * A branch that is there already was made by an attempt that was cut off; it is used only where it says what is wanted, and nothing else.
   *
   * @throws ForgeError where it does not.
   */
  private async requireSame(
    own: BranchHead,
    start: BranchHead,
    {
      change,
      branch,
      files,
    }: { change: string; branch: string; files: readonly FileChange[] },
  ): Promise<void> {
    const paths = files.map(({ path }) => path);
    const isSame =
      (await notYet(this.forge, own.commit, files)).length === 0 &&
      (await differing(this.forge, own.commit, start.commit)).every(path =>
        paths.includes(path),
      );
    if (isSame) {
      return;
    }
    throw new ForgeError(
      'protected',
      hasMark(own.message, change)
        ? `The branch ${branch} has the change as it was worked out before: what it is for has moved on since. It is left as it is; make the change anew.`
        : `Somebody else has pushed to the branch ${branch}, so it is left as it is. Merge or close its request, or make the change anew.`,
    );
  }

  /** Opens the request; where somebody was faster, theirs is it. */
  private async opened(
    branch: string,
    base: string,
    title: string,
    body: string,
  ): Promise<PullRequest> {
    try {
      return await this.forge.open({ branch, base, title, body });
    } catch (error) {
      const known = await this.forge.find(branch, base);
      if (known) {
        return known;
      }
      throw error;
    }
  }
}
