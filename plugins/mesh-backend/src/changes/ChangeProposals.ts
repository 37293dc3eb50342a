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
import type { ApplyResult } from '@meshdeck/plugin-mesh-common';
import { toObjectYaml } from '../facts/objects';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { BeginningChange } from '../memory/MemorizedChange';
import { type Change, stepOf } from './Change';
import type { ChangeRequests } from './ChangeRequests';
import { blockerOf, editsOf, type Plan } from './Plan';

/** Proposes changes: pull requests in which somebody else decides. Noted before they are opened, so that one that was opened is found again. */
export class ChangeProposals {
  static create(options: {
    memory: ChangeMemory;
    requests: Pick<ChangeRequests, 'target' | 'open'>;
    logger: LoggerService;
  }) {
    return new ChangeProposals(options);
  }

  private constructor(
    private readonly options: Parameters<typeof ChangeProposals.create>[0],
  ) {}

  /**
   * @throws InputError where there can be no request, ConflictError where the same is proposed already, ServiceUnavailableError where nobody
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

  /** Of two who propose the same at once, both have noted it by now: the first of them goes on. */
  private async requireFirst(
    id: string,
    { placement }: Pick<BeginningChange, 'placement'>,
    edits: readonly ObjectEdit[],
  ): Promise<void> {
    const proposed = await this.options.memory.proposals(placement);
    const [first] = proposed.filter(({ steps }) =>
      isSameJson(
        steps.map(({ edit }) => meantBy(edit)),
        edits.map(meantBy),
      ),
    );
    if (first && first.id !== id) {
      throw new ConflictError(
        `The same is proposed already: ${
          first.request?.url ?? 'its pull request is being opened'
        }. Nothing was opened.`,
      );
    }
  }
}

function meantBy(edit: ObjectEdit) {
  const { spec, metadata } = stepOf(edit).after ?? {};
  const { labels, annotations } = metadata ?? {};
  const name = describeRef(refOf(objectOf(edit)));
  return { name, action: edit.action, spec, labels, annotations };
}
