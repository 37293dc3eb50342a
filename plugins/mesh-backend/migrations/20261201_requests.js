/** A change may be a pull request: where it is, and what it waits for. */

/** @param {import('knex').Knex} knex */
exports.up = async knex => {
  await knex.schema.alterTable('mesh_changes', table => {
    table.text('request').nullable().comment('JSON: the pull request');
  });
};

/** Changes that are pull requests are not kept: what was before would take them for written. @param {import('knex').Knex} knex */
exports.down = async knex => {
  await knex('mesh_changes')
    .whereIn('state', ['proposing', 'proposed', 'declined'])
    .delete();
  await knex.schema.alterTable('mesh_changes', table => {
    table.dropColumn('request');
  });
};
