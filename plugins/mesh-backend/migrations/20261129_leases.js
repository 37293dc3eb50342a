/** What is to be done later, by whichever replica holds it. */

/** @param {import('knex').Knex} knex */
exports.up = async knex => {
  await knex.schema.createTable('mesh_leases', table => {
    table.comment('What is to be done later, each by one replica at a time');
    table.uuid('id').primary();
    table.string('kind').notNullable().comment('What has to be done');
    table.string('name').notNullable().comment('To what; one of its kind');
    table.text('state', 'longtext').notNullable().comment('JSON');
    table
      .bigInteger('due_at')
      .notNullable()
      .comment('Milliseconds by the clock of this database, as lease_until is');
    table.string('owner').nullable();
    table
      .integer('epoch')
      .notNullable()
      .defaultTo(0)
      .comment('Rises with each owner; an owner writes only in his own');
    table.bigInteger('lease_until').nullable();
    table.boolean('closed').notNullable().defaultTo(false);
    table.unique(['kind', 'name'], { indexName: 'mesh_leases_name' });
    table.index(['closed', 'due_at'], 'mesh_leases_due');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async knex => {
  await knex.schema.dropTable('mesh_leases');
};
