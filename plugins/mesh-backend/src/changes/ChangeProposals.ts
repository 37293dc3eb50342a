import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { type ObjectEdit, objectOf } from '@meshdeck/istio-config';
import type {
  ApplyResult,
  PullRequestPreview,
} from '@meshdeck/plugin-mesh-common';
import { toObjectYaml } from '../facts/objects';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { BeginningChange, ServicePlace } from '../memory/MemorizedChange';
import type { ReplacingChange } from '../memory/ProposalMemory';
import type { PreparedUpdate } from '../pullRequests/PullRequestUpdate';
import type { Change } from './Change';
import type { ChangeRequests } from './ChangeRequests';
import type { RequestTarget } from './RequestTarget';
import { blockerOf, editsOf, type Plan } from './Plan';
import { fieldsOf } from './requestFields';
import { WaitingProposals } from './WaitingProposals';

/** What is needed of {@link ChangeRequests} to propose. */
export type ProposedRequests = Pick<
  ChangeRequests,
  'preview' | 'target' | 'open' | 'isOpen' | 'updates'
>;

/** Whose proposal it is, and why. */
type ProposedBy = Omit<BeginningChange, 'edits' | 'sentence'>;

/** Proposes changes: pull requests in which somebody else decides. Noted before they are opened, so that one that was opened is found again. */
export class ChangeProposals {
  static create(options: {
    memory: ChangeMemory;
    requests: ProposedRequests;
    logger: LoggerService;
  }) {
    return new ChangeProposals(options);
  }

  private readonly waiting: WaitingProposals;

  private constructor(
    private readonly options: Parameters<typeof ChangeProposals.create>[0],
  ) {
    this.waiting = new WaitingProposals(options.requests);
  }

  /** What a pull request would change, or why there can be none; undefined where nothing else delivers the objects. */
  async preview(
    placement: ServicePlace,
    edits: readonly ObjectEdit[],
  ): Promise<PullRequestPreview | undefined> {
    const { memory, requests } = this.options;
    const { cluster } = placement;
    const preview = await requests.preview(cluster, edits);
    if (!preview?.files) {
      return preview;
    }
    try {
      const { repository, base } = preview;
      const proposed = await memory.proposals.of(cluster);
      const wanted = { placement, edits, repository, base };
      const waits = await this.waiting.find(proposed, wanted);
      if (!waits) {
        return preview;
      }
      if (!waits.updates) {
        return { refused: waits.sentence };
      }
      const { change, head } = waits.updates;
      const { sentence, request } = change;
      return { ...preview, updates: { url: request.url, sentence, head } };
    } catch (error) {
      if (error instanceof ServiceUnavailableError) {
        return { refused: error.message };
      }
      throw error;
    }
  }

  /**
   * @param requestHead - of the request that is to be updated, as a person saw it; absent where a new one is to be opened.
   * @throws InputError where there can be no request, ConflictError where one for the same object waits, or the one that was to be updated is
   * no longer as it was, ServiceUnavailableError where nobody knows whether it was opened or updated: that is found out later.
   */
  async propose(
    plan: Plan,
    { term }: Change,
    { requestHead, ...by }: ProposedBy & { requestHead?: string },
  ): Promise<ApplyResult> {
    const blocker = blockerOf(plan);
    if (blocker) {
      throw new InputError(blocker);
    }
    if (term) {
      throw new InputError(
        'What ends by itself cannot be a pull request: nobody knows when it would begin.',
      );
    }
    const { requests, logger } = this.options;
    const { sentence, steps } = plan;
    const { cluster } = by.placement;
    const target = await requests.target(cluster, editsOf(plan));
    const { request, remark } =
      requestHead === undefined
        ? await this.open(plan, target, by)
        : await this.update(plan, target, by, requestHead);
    logger.info(
      `${requestHead === undefined ? 'Opened' : 'Updated'} ${request} for ${
        by.entityRef
      } in ${cluster}: ${sentence}`,
    );
    const object = toObjectYaml(objectOf(steps[steps.length - 1].edit));
    return { object, sentence, request, remark };
  }

  private async open(
    plan: Plan,
    target: RequestTarget,
    by: ProposedBy,
  ): Promise<Pick<ApplyResult, 'request' | 'remark'>> {
    const { memory, requests } = this.options;
    const { repository, base } = target;
    const edits = editsOf(plan);
    const noted = { ...by, edits, sentence: plan.sentence };
    const request = { repository, base };
    const id = await memory.begin({ ...noted, request });
    try {
      await this.requireFirst(id, target, noted);
      const opened = await requests.open(target, fieldsOf(id, noted));
      await memory.proposals.opened(id, opened);
      return { request: opened.url };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableError)) {
        await memory.forget(id);
      }
      throw error;
    }
  }

  /** Of two who propose at once, both have noted it by now: the first of them goes on. */
  private async requireFirst(
    id: string,
    { repository, base }: RequestTarget,
    { placement, edits }: Pick<BeginningChange, 'placement' | 'edits'>,
  ): Promise<void> {
    const proposed = await this.options.memory.proposals.of(placement.cluster);
    const own = proposed.findIndex(change => change.id === id);
    const wanted = { placement, edits, repository, base };
    const before = proposed.slice(0, Math.max(own, 0));
    const waits = await this.waiting.find(before, wanted);
    if (waits) {
      throw new ConflictError(`${waits.sentence} Nothing was opened.`);
    }
  }

  /** Of two who update at once, one replaces the change that waits; the other one finds it replaced. */
  private async update(
    plan: Plan,
    target: RequestTarget,
    by: ProposedBy,
    seen: string,
  ): Promise<Pick<ApplyResult, 'request' | 'remark'>> {
    const { memory, requests } = this.options;
    const { repository, base } = target;
    const { placement } = by;
    const edits = editsOf(plan);
    const proposed = await memory.proposals.of(placement.cluster);
    const wanted = { placement, edits, repository, base };
    const waits = await this.waiting.find(proposed, wanted);
    if (!waits?.updates) {
      throw new ConflictError(
        `${
          waits?.sentence ??
          'The pull request that this was to update was merged or closed meanwhile.'
        } Nothing was pushed; look again.`,
      );
    }
    const earlier = waits.updates.change;
    const prepared = await requests.updates.prepare(target, earlier, seen);
    const { branch, number, url } = prepared.request;
    const replaces = earlier.id;
    const request = { repository, base, branch, number, url, replaces };
    const noted = { ...by, edits, sentence: plan.sentence, request };
    const id = await memory.proposals.replace(noted);
    if (id === undefined) {
      throw new ConflictError(
        `${url} was decided or updated by somebody else meanwhile. Nothing was pushed; look again.`,
      );
    }
    return { request: url, remark: await this.replace(id, noted, prepared) };
  }

  /** @returns what is not done yet: that is done later. */
  private async replace(
    id: string,
    noted: ReplacingChange,
    prepared: PreparedUpdate,
  ): Promise<string | undefined> {
    const { memory, requests, logger } = this.options;
    const { request } = noted;
    const fields = fieldsOf(id, noted);
    const later = (error: unknown) =>
      logger.warn(
        `What became of the update of ${request.url} could not be noted; it will be looked at again`,
        error as Error,
      );
    let head: string;
    try {
      const { repository } = request;
      head = await requests.updates.push(repository, prepared, fields);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableError)) {
        await memory.proposals
          .takeReplacingBack(id, request.replaces)
          .catch(later);
      }
      throw error;
    }
    const failure = await requests.updates.reword(request, fields);
    if (failure) {
      return `The commit is there; title and description still tell the change before it, and are tried again. ${failure.message}`;
    }
    const confirmed = { ...noted, request: { ...request, head } };
    await memory.proposals.confirmReplacing(id, confirmed).catch(later);
    return undefined;
  }
}
