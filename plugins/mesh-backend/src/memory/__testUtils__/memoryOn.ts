import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { MeshDatabase } from '../../database/MeshDatabase';
import { LeaseStore } from '../../durable/LeaseStore';
import { ChangeMemory } from '../ChangeMemory';

/** What is remembered in a database, as a replica sees it. */
export function memoryOn(
  knex: Knex,
  options: Pick<Parameters<typeof ChangeMemory.create>[0], 'now'> &
    Pick<Parameters<typeof MeshDatabase.create>[0], 'time' | 'stalledMs'> = {},
) {
  const { now, ...clock } = options;
  const logger = mockServices.logger.mock();
  const database = MeshDatabase.create({
    ...clock,
    database: mockServices.database({ knex }),
    logger,
  });
  const leases = LeaseStore.create({ database });
  const memory = ChangeMemory.create({ database, leases, logger, now });
  return { database, leases, memory };
}
