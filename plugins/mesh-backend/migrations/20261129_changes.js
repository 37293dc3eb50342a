/** What was changed from this portal, so that it can be told and taken back. */

/** @param {import('knex').Knex} knex */
exports.up = async knex => {
  await knex.schema.createTable('mesh_changes', table => {
    table.comment('Changes of clusters that were made from this portal');
    table.uuid('id').primary();
    table
      .bigInteger('number')
      .notNullable()
      .comment('Milliseconds; the order in which they were made');
    table.string('cluster').notNullable();
    table.string('namespace').notNullable();
    table.string('service').notNullable();
    table.string('entity_ref').notNullable();
    table.string('who').nullable();
    table.text('why').nullable();
    table.string('intent').notNullable();
    table.text('sentence').notNullable();
    table.text('edit', 'longtext').notNullable().comment('JSON');
    table
      .text('after', 'longtext')
      .nullable()
      .comment('JSON: the object as the cluster stored it');
    table.string('state').notNullable().comment('writing, written or unknown');
    table.uuid('undoes').nullable();
    table.boolean('undone').notNullable().defaultTo(false);
    table.index(
      ['cluster', 'namespace', 'service', 'number'],
      'mesh_changes_of_service',
    );
    table.index(['state'], 'mesh_changes_state');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async knex => {
  await knex.schema.dropTable('mesh_changes');
};
