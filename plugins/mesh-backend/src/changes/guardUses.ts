import { ConflictError } from '@backstage/errors';
import {
  describeRef,
  type KubeObjectRef,
  type MeshObjects,
  usesLost,
} from '@meshdeck/istio-config';

/**
 * What stands against taking something away: rules of others name it by now.
 *
 * @param objects - those that are written.
 * @throws ConflictError which names them.
 */
export function guardUses(
  sets: { before: MeshObjects; after: MeshObjects },
  objects: readonly KubeObjectRef[],
): void {
  const [first, ...more] = usesLost(sets, objects);
  if (first) {
    const others = new Set(more.map(({ by }) => describeRef(by)));
    others.delete(describeRef(first.by));
    throw new ConflictError(
      `${describeRef(first.by)} uses ${first.what} by now${
        others.size > 0 ? `, and so does ${[...others].join(', ')}` : ''
      }: taken back, its requests would go nowhere. Nothing was written; change that rule first.`,
    );
  }
}
