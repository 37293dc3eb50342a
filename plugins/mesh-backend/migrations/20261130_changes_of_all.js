/** So that the changes of all services are told newest first, and those of the entities that somebody may see. */

const OF_ALL = 'mesh_changes_of_all';
const OF_ENTITY = 'mesh_changes_of_entity';

/** @param {import('knex').Knex} knex */
exports.up = async knex => {
  await knex.schema.alterTable('mesh_changes', table => {
    table.index(['number', 'id', 'entity_ref'], OF_ALL);
    table.index(['entity_ref', 'number', 'id'], OF_ENTITY);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async knex => {
  await knex.schema.alterTable('mesh_changes', table => {
    table.dropIndex(['number', 'id', 'entity_ref'], OF_ALL);
    table.dropIndex(['entity_ref', 'number', 'id'], OF_ENTITY);
  });
};
