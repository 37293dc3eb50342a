/** A change may be replaced by another one in its pull request: a state more, for which nothing has to be made. */
exports.up = async () => {};

/** What was before would not know what became of it; it was not merged, so it counts as declined. @param {import('knex').Knex} knex */
exports.down = async knex => {
  await knex('mesh_changes')
    .where({ state: 'replaced' })
    .update({ state: 'declined' });
};
