import { NotFoundError } from '@backstage/errors';
import { describeRef, type KubeObject, refOf } from '@meshdeck/istio-config';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { StaleObjectError } from '../cluster/kubernetesErrors';
import { SourceError } from '../sources/SourceError';
import { isAsItWas } from './isAsItWas';
import type { PlannedWrite } from './planWrites';

/** By it a call knows what it created itself, also where the answer was lost. */
const ANNOTATION_CALL = 'meshdeck.io/onboarding-call';
/** Controllers write, too: what they touched in the meantime is looked at again, but not for ever. */
const MOST_TRIES = 3;
const MAY_COME =
  'the cluster did not say whether it was written: it may be yet';

/** What was written, to be taken back from the last to the first. */
type Written =
  | { type: 'created'; object: KubeObject }
  | {
      type: 'updated';
      before: KubeObject;
      object: KubeObject;
      /** No answer came: it may be written yet. */
      isOpen?: boolean;
    };

/** What is there now, of a thing that was written or was to be. */
type Seen =
  | { type: 'there'; object: KubeObject }
  | { type: 'gone' }
  | { type: 'unknown' };

/**
 * Writes objects one by one, and knows the way back: it deletes exactly what it created and restores what it changed, as
 * long as nobody else has touched it since.
 */
export class ReversibleWrites {
  static create(options: { client: KubernetesClient; callId: string }) {
    return new ReversibleWrites(options.client, options.callId);
  }

  private readonly written: Written[] = [];
  /** May or may not come to be: no answer came, and it is not there yet. */
  private readonly doubtful: KubeObject[] = [];

  private constructor(
    private readonly client: KubernetesClient,
    private readonly callId: string,
  ) {}

  /** An answer that got lost is no failure, if the object says that it was written. */
  async write(planned: PlannedWrite): Promise<void> {
    if (planned.type === 'create') {
      const object = await this.create(planned.manifest);
      this.written.push({ type: 'created', object });
    } else if (planned.type === 'update') {
      const { before } = planned;
      const object = await this.update(planned);
      this.written.push({ type: 'updated', before, object });
    }
  }

  /** Takes everything back. Answers what is left, each with the reason. */
  async undo(): Promise<string[]> {
    const left: string[] = [];
    for (const object of this.doubtful.splice(0)) {
      const seen = await this.look(object);
      if (seen.type === 'there' && this.isOfThisCall(seen.object)) {
        this.written.push({ type: 'created', object: seen.object });
      } else if (seen.type !== 'there') {
        left.push(`${describeRef(refOf(object))} (${MAY_COME})`);
      }
    }
    for (const written of this.written.splice(0).reverse()) {
      const why =
        written.type === 'created'
          ? await this.remove(written.object)
          : await this.restore(written);
      if (why) {
        left.push(`${describeRef(refOf(written.object))} (${why})`);
      }
    }
    return left;
  }

  private async create(manifest: KubeObject): Promise<KubeObject> {
    const { metadata } = manifest;
    const object = {
      ...manifest,
      metadata: {
        ...metadata,
        annotations: {
          ...metadata.annotations,
          [ANNOTATION_CALL]: this.callId,
        },
      },
    };
    try {
      return await this.client.create(object);
    } catch (error) {
      const seen = await this.look(object);
      if (seen.type === 'there' && this.isOfThisCall(seen.object)) {
        return seen.object;
      }
      if (seen.type !== 'there' && isOpen(error)) {
        this.doubtful.push(object);
      }
      throw error;
    }
  }

  private async update({
    manifest,
    before,
    rehearsed,
    takesOver,
  }: Extract<PlannedWrite, { type: 'update' }>): Promise<KubeObject> {
    try {
      return await this.client.apply(manifest, { force: takesOver });
    } catch (error) {
      // What was refused was not written: if it is there all the same, somebody else did it.
      if (!isOpen(error)) {
        throw error;
      }
      const seen = await this.look(before);
      if (seen.type === 'there' && isAsItWas(seen.object, rehearsed)) {
        return seen.object;
      }
      this.written.push({
        type: 'updated',
        before,
        object: rehearsed,
        isOpen: true,
      });
      throw error;
    }
  }

  /** Why it is still there, where it is. */
  private async remove(created: KubeObject): Promise<string | undefined> {
    let object = created;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      try {
        await this.client.remove(object);
        return undefined;
      } catch (error) {
        if (isRefusal(error)) {
          return error.message;
        }
      }
      const seen = await this.look(created);
      if (seen.type === 'unknown') {
        return 'the cluster does not answer';
      }
      if (
        seen.type === 'gone' ||
        seen.object.metadata.uid !== created.metadata.uid ||
        seen.object.metadata.deletionTimestamp
      ) {
        return undefined;
      }
      if (!isAsItWas(seen.object, created)) {
        return 'somebody changed it in the meantime';
      }
      object = seen.object;
    }
    return 'the cluster does not take it away';
  }

  /** Why it is not as it was before, where it is not. */
  private async restore(
    written: Extract<Written, { type: 'updated' }>,
  ): Promise<string | undefined> {
    const { before, object: after } = written;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const seen = await this.look(before);
      if (seen.type === 'unknown') {
        return 'the cluster does not answer';
      }
      if (
        seen.type === 'gone' ||
        seen.object.metadata.uid !== before.metadata.uid
      ) {
        return 'somebody took it away in the meantime';
      }
      if (isAsItWas(seen.object, before)) {
        return written.isOpen ? MAY_COME : undefined;
      }
      if (!isAsItWas(seen.object, after)) {
        return 'somebody changed it in the meantime';
      }
      const { resourceVersion } = seen.object.metadata;
      try {
        await this.client.replace({
          ...before,
          metadata: { ...before.metadata, resourceVersion },
        });
        return undefined;
      } catch (error) {
        if (isRefusal(error)) {
          return error.message;
        }
      }
    }
    return 'the cluster does not take it back';
  }

  private async look(object: KubeObject): Promise<Seen> {
    try {
      const found = await this.client.find(refOf(object));
      return found ? { type: 'there', object: found } : { type: 'gone' };
    } catch {
      return { type: 'unknown' };
    }
  }

  private isOfThisCall({ metadata }: KubeObject): boolean {
    return metadata.annotations?.[ANNOTATION_CALL] === this.callId;
  }
}

/** Whether it may have been done all the same: no answer came, or one that does not say. */
function isOpen(error: unknown): boolean {
  return (
    error instanceof SourceError &&
    (error.answered === undefined || error.answered >= 500)
  );
}

/** Whether another try would be in vain. */
function isRefusal(error: unknown): error is Error {
  return !(
    isOpen(error) ||
    error instanceof StaleObjectError ||
    error instanceof NotFoundError
  );
}
