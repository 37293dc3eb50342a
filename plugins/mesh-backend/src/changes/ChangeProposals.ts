import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  describeRef,
  isSameJson,
  type ObjectEdit,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type {
  ApplyResult,
  PullRequestPreview,
} from '@meshdeck/plugin-mesh-common';
import { toObjectYaml } from '../facts/objects';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type {
  BeginningChange,
  MemorizedChange,
} from '../memory/MemorizedChange';
import { type Change, stepOf } from './Change';
import type { ChangeRequests } from './ChangeRequests';
import { blockerOf, editsOf, type Plan } from './Plan';

/** Proposes changes: pull requests in which somebody else decides. Noted before they are opened, so that one that was opened is found again. */
export class ChangeProposals {
  static create(options: {
    memory: ChangeMemory;
    requests: Pick<ChangeRequests, 'preview' | 'target' | 'open' | 'isOpen'>;
    logger: LoggerService;
  }) {
    return new ChangeProposals(options);
  }

  private constructor(
    private readonly options: Parameters<typeof ChangeProposals.create>[0],
  ) {}

  /** What a pull request would change, or why there can be none; undefined where nothing else delivers the objects. */
  async preview(
    cluster: string,
    edits: readonly ObjectEdit[],
  ): Promise<PullRequestPreview | undefined> {
    const { memory, requests } = this.options;
    const preview = await requests.preview(cluster, edits);
    if (!preview?.files) {
      return preview;
    }
    try {
      const waits = await this.waiting(await memory.proposals(cluster), edits);
      return waits === undefined ? preview : { refused: waits };
    } catch (error) {
      if (error instanceof ServiceUnavailableError) {
        return { refused: error.message };
      }
      throw error;
    }
  }

  /**
   * @throws InputError where there can be no request, ConflictError where one for the same object waits, ServiceUnavailableError where nobody
   * knows whether it was opened: that is found out later.
   */
  async propose(
    plan: Plan,
    { term }: Change,
    by: Omit<BeginningChange, 'edits' | 'sentence'>,
  ): Promise<ApplyResult> {
    const { memory, requests, logger } = this.options;
    const blocker = blockerOf(plan);
    if (blocker) {
      throw new InputError(blocker);
    }
    if (term) {
      throw new InputError(
        'What ends by itself cannot be a pull request: nobody knows when it would begin.',
      );
    }
    const { sentence, steps } = plan;
    const { entityRef, placement, who = entityRef, why } = by;
    const edits = editsOf(plan);
    const target = await requests.target(placement.cluster, edits);
    const { repository, base } = target;
    const request = { repository, base };
    const id = await memory.begin({ ...by, edits, sentence, request });
    try {
      await this.requireFirst(id, by, edits);
      const fields = { change: id, who, what: sentence, why };
      const opened = await requests.open(target, fields);
      await memory.proposed(id, opened);
      logger.info(
        `Opened ${opened.url} for ${entityRef} in ${placement.cluster}: ${sentence}`,
      );
      const object = toObjectYaml(objectOf(steps[steps.length - 1].edit));
      return { object, sentence, request: opened.url };
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
    { placement }: Pick<BeginningChange, 'placement'>,
    edits: readonly ObjectEdit[],
  ): Promise<void> {
    const proposed = await this.options.memory.proposals(placement.cluster);
    const own = proposed.findIndex(change => change.id === id);
    const waits = await this.waiting(
      proposed.slice(0, Math.max(own, 0)),
      edits,
    );
    if (waits !== undefined) {
      throw new ConflictError(`${waits} Nothing was opened.`);
    }
  }

  /** A second request for an object would conflict with the first, or undo it; the sentence says which one waits. */
  private async waiting(
    proposed: readonly MemorizedChange[],
    edits: readonly ObjectEdit[],
  ): Promise<string | undefined> {
    const names = edits.map(nameOf);
    for (const { id, steps, sentence, request } of proposed) {
      const shared = steps
        .map(({ edit }) => nameOf(edit))
        .find(name => names.includes(name));
      const isOpen =
        shared && request && (await this.options.requests.isOpen(id, request));
      if (isOpen) {
        const where = request.url ?? 'its pull request is being opened';
        const isSame = isSameJson(
          steps.map(({ edit }) => meantBy(edit)),
          edits.map(meantBy),
        );
        return isSame
          ? `The same is proposed already: ${where}.`
          : `A change of ${shared} waits for a decision already: ${where} (${sentence}) Merge or close that one first.`;
      }
    }
    return undefined;
  }
}

function nameOf(edit: ObjectEdit): string {
  return describeRef(refOf(objectOf(edit)));
}

function meantBy(edit: ObjectEdit) {
  const { spec, metadata } = stepOf(edit).after ?? {};
  const { labels, annotations } = metadata ?? {};
  return {
    name: nameOf(edit),
    action: edit.action,
    spec,
    labels,
    annotations,
  };
}
