import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { RefusedRequestError } from '../cluster/kubernetesErrors';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { BeginningChange } from '../memory/MemorizedChange';
import type { Step } from './Change';
import { ChangeDelivery } from './ChangeDelivery';
import type { Delivered } from './EditDelivery';
import { NotMadeWhole } from './NotMadeWhole';
import { UnknownOutcome } from './UnknownOutcome';

/** A change that is worked out and may be made. */
export interface PlannedChange extends Omit<BeginningChange, 'edits'> {
  steps: readonly Step[];
}

/** How a change is made that is not like most. */
export interface DeliveryOptions {
  /** One object that somebody made something else of keeps no other from being taken back. */
  takesBackEach?: boolean;
  /** Looks once more, when the change is noted and nothing is written yet. @throws where it may not begin. */
  onNoted?: (id: string) => Promise<void>;
}

/** Makes changes of which the portal knows: each is noted before it is written, and confirmed after; where nothing was written, nothing is kept. */
export class RememberedDelivery {
  static create(options: {
    access: MeshClusterAccess;
    logger: LoggerService;
    deadlineMs: number;
    memory: ChangeMemory;
  }) {
    return new RememberedDelivery(options);
  }

  private constructor(
    private readonly options: Parameters<typeof RememberedDelivery.create>[0],
  ) {}

  /** The way into a cluster, for what is only rehearsed. */
  into(cluster: string, options: DeliveryOptions = {}): ChangeDelivery {
    const { access, deadlineMs } = this.options;
    return ChangeDelivery.create({
      client: KubernetesClient.create({ access, cluster, deadlineMs }),
      deadlineMs,
      takesBackEach: options.takesBackEach,
    });
  }

  /** @throws what {@link ChangeDelivery.deliver} throws, and ServiceUnavailableError where it cannot be noted. */
  async make(
    { steps, ...planned }: PlannedChange,
    options: DeliveryOptions = {},
  ): Promise<Delivered[]> {
    const { memory } = this.options;
    const change = { ...planned, edits: steps.map(({ edit }) => edit) };
    const id = await memory.begin(change);
    try {
      await options.onNoted?.(id);
      const delivered = await this.deliver(change, steps, { id, ...options });
      const afters = delivered.map(({ object }) => object);
      await memory.written(id, afters, change);
      return delivered;
    } catch (error) {
      await this.noteFailure(id, error, steps.length);
      throw error;
    }
  }

  private async noteFailure(
    id: string,
    error: unknown,
    count: number,
  ): Promise<void> {
    const { memory } = this.options;
    if (error instanceof NotMadeWhole && error.left.length > 0) {
      if (!error.left.some(({ isOpen }) => isOpen)) {
        await memory.unknown(id);
      }
      // What can be tried again, whoever settles changes tries.
    } else if (!(error instanceof UnknownOutcome)) {
      await memory.forget(id);
    } else if (count === 1) {
      await memory.unknown(id);
    }
    // Of several objects, some may be written: whoever settles changes takes them back.
  }

  private async deliver(
    { placement }: Pick<PlannedChange, 'placement'>,
    steps: readonly Step[],
    { id, ...options }: DeliveryOptions & { id: string },
  ): Promise<Delivered[]> {
    const { memory } = this.options;
    try {
      return await this.into(placement.cluster, options).deliver(steps, {
        mayGoOn: () => memory.mayGoOn(id),
        returning: () => memory.returning(id),
      });
    } catch (error) {
      if (error instanceof UnknownOutcome) {
        this.options.logger.warn(error.message);
      }
      throw error instanceof RefusedRequestError
        ? new InputError(`${error.message} Nothing was written.`)
        : error;
    }
  }
}
