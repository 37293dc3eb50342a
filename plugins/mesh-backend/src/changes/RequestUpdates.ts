import type {
  MemorizedChange,
  RememberedRequest,
} from '../memory/MemorizedChange';
import type { PullRequest } from '../pullRequests/Forge';
import { ForgeError } from '../pullRequests/ForgeError';
import type { Forges } from '../pullRequests/Forges';
import { allManifestChanges } from '../pullRequests/manifestChanges';
import {
  movedOn,
  type PreparedUpdate,
  PullRequestUpdate,
} from '../pullRequests/PullRequestUpdate';
import { branchOf, type RequestFields } from '../pullRequests/requestText';
import { refusalOf } from './requestRefusals';
import type { RequestTarget } from './RequestTarget';

/** A change whose request is open. */
export interface OpenProposal extends Pick<MemorizedChange, 'id'> {
  request: RememberedRequest & { number: number; url: string };
}

/** Brings a change to the pull request that is open for an earlier one of the same objects. */
export class RequestUpdates {
  static create(options: { forges: Pick<Forges, 'of'> }) {
    return new RequestUpdates(options.forges);
  }

  private constructor(private readonly forges: Pick<Forges, 'of'>) {}

  /** The head of an open request's branch. @throws ForgeError where it is not what the portal left there, or nobody can tell. */
  left({ id, request }: OpenProposal): Promise<string> {
    const { repository, base, branch = branchOf(id), head } = request;
    return this.on(repository).left({ branch, base }, { change: id, head });
  }

  /**
   * What would be pushed; nothing is written.
   *
   * @param seen - the head of the branch as a person saw it.
   * @throws ConflictError where it is another by now, and as {@link ChangeRequests.target}
   */
  async prepare(
    { edits, base, repository }: RequestTarget,
    earlier: OpenProposal,
    seen: string,
  ): Promise<PreparedUpdate> {
    const { id, request } = earlier;
    const { number, url, branch = branchOf(id) } = request;
    const open = { number, url, branch, base };
    try {
      const head = await this.left(earlier);
      if (head !== seen) {
        throw movedOn(branch);
      }
      return await this.on(repository).prepare(open, head, snapshot =>
        allManifestChanges(snapshot, edits),
      );
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /**
   * Pushes it.
   *
   * @returns the new head.
   * @throws ServiceUnavailableError where nobody knows whether it was pushed; every other error means that the request is without it.
   */
  async push(
    repository: string,
    prepared: PreparedUpdate,
    fields: RequestFields,
  ): Promise<string> {
    try {
      return await this.on(repository).push(prepared, fields);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Gives the request the words of its new change. @returns why it could not be. */
  async reword(
    { repository, number }: { repository: string; number: number },
    fields: RequestFields,
  ): Promise<ForgeError | undefined> {
    try {
      await this.on(repository).reword(number, fields);
      return undefined;
    } catch (error) {
      if (error instanceof ForgeError) {
        return error;
      }
      throw error;
    }
  }

  /** Whether the commit of a change came to its request. @throws ForgeError */
  has(
    {
      id,
      request,
    }: Pick<MemorizedChange, 'id'> & { request: RememberedRequest },
    found: PullRequest,
  ): Promise<boolean> {
    const { repository, branch = branchOf(id) } = request;
    return this.on(repository).has(found, branch, id);
  }

  private on(repository: string): PullRequestUpdate {
    return new PullRequestUpdate(this.forges.of(repository));
  }
}
