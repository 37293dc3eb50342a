/** A change may be of several objects: what was one edit and one object after it, become lists. */

const TABLE = 'mesh_changes';

/** @param {import('knex').Knex} knex */
exports.up = async knex => {
  await knex.schema.alterTable(TABLE, table => {
    table.renameColumn('edit', 'edits');
    table.renameColumn('after', 'afters');
  });
  await knex(TABLE).update({
    edits: knex.raw("'[' || edits || ']'"),
    afters: knex.raw("'[' || afters || ']'"),
  });
};

/** Changes of several objects are not kept: what was before knows of none. @param {import('knex').Knex} knex */
exports.down = async knex => {
  const rows = await knex(TABLE).select('id', 'edits', 'afters');
  for (const { id, edits, afters } of rows) {
    const [edit, ...more] = JSON.parse(edits);
    const [after] = JSON.parse(afters ?? '[]');
    await (more.length > 0
      ? knex(TABLE).where({ id }).delete()
      : knex(TABLE)
          .where({ id })
          .update({
            edits: JSON.stringify(edit),
            afters: after ? JSON.stringify(after) : null,
          }));
  }
  await knex.schema.alterTable(TABLE, table => {
    table.renameColumn('edits', 'edit');
    table.renameColumn('afters', 'after');
  });
};
