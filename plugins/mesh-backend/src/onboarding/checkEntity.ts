import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import { ConflictError } from '@backstage/errors';
import type { EntityIndex } from '../access/EntityIndex';
import { type Marks, ownerRef } from './marks';

/**
 * A new service may take the name of an entity that its owner has already, but of nobody else's.
 * @throws ConflictError
 */
export async function checkEntity(
  entities: EntityIndex,
  { entityRef, owner }: Marks,
): Promise<void> {
  const entity = await entities.fresh(entityRef);
  if (!entity) {
    return;
  }
  const { spec, relations = [] } = entity;
  const owners = [
    ...(typeof spec?.owner === 'string' ? [spec.owner] : []),
    ...relations
      .filter(({ type }) => type === RELATION_OWNED_BY)
      .map(({ targetRef }) => targetRef),
  ];
  if (!owners.some(ref => ownerRef(ref) === owner)) {
    throw new ConflictError(
      `${entityRef} is in the catalog already and does not belong to ${owner}. Choose another name.`,
    );
  }
}
