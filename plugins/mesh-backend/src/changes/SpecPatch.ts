import { isDeepStrictEqual } from 'util';
import { type KubeObject, refOf } from '@meshdeck/istio-config';
import {
  FIELD_MANAGER,
  FieldConflictError,
  KubernetesClient,
} from '../cluster/KubernetesClient';
import type { Delivery, Step } from './Delivery';

/**
 * A merge patch of what differs in the spec. Server-side apply cannot take away a field that somebody else set, and
 * drops what an earlier apply of ours set and this one does not mention.
 */
export class SpecPatch implements Delivery {
  static create(client: KubernetesClient) {
    return new SpecPatch(client);
  }

  private constructor(private readonly client: KubernetesClient) {}

  async rehearse(step: Step): Promise<string[]> {
    await this.send(step, { dryRun: true });
    return ownersOf(step);
  }

  async deliver(
    step: Step,
    { takeOver }: { takeOver?: boolean },
  ): Promise<KubeObject> {
    const owners = ownersOf(step);
    if (owners.length && !takeOver) {
      throw new FieldConflictError(owners, 'others own what would be changed');
    }
    return this.send(step, {});
  }

  private send({ before, after }: Step, options: { dryRun?: boolean }) {
    const { resourceVersion } = before.metadata;
    return this.client.patch(
      refOf(after),
      {
        metadata: { resourceVersion },
        spec: mergePatch(before.spec, after.spec) ?? {},
      },
      options,
    );
  }
}

/** RFC 7386: what turns one into the other; undefined where nothing does. */
export function mergePatch(before: unknown, after: unknown): unknown {
  if (!isRecord(before) || !isRecord(after)) {
    return isDeepStrictEqual(before, after) ? undefined : after;
  }
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = fields
    // null is how this format says "away with it".
    .map(field => [
      field,
      after[field] === undefined && before[field] !== undefined
        ? null
        : mergePatch(before[field], after[field]),
    ])
    .filter(([, value]) => value !== undefined);
  return changed.length ? Object.fromEntries(changed) : undefined;
}

/** Who else, by `metadata.managedFields`, owns a field that differs. */
export function ownersOf({ before, after }: Step): string[] {
  const patch = { spec: mergePatch(before.spec, after.spec) };
  const owners = (before.metadata.managedFields ?? [])
    .filter(
      ({ manager, fieldsV1, subresource }) =>
        manager !== FIELD_MANAGER && !subresource && owns(fieldsV1, patch),
    )
    .map(({ manager = 'unknown' }) => manager);
  return [...new Set(owners)];
}

/** Whether a tree of owned fields reaches into what a patch changes. */
function owns(fields: unknown, patch: unknown): boolean {
  if (patch === undefined || !isRecord(fields)) {
    return false;
  }
  // A list, or what is set or taken away as a whole: all of it is in question.
  if (!isRecord(patch) || Object.keys(fields).length === 0) {
    return true;
  }
  return Object.entries(patch).some(([field, value]) =>
    owns(fields[`f:${field}`], value),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
