import type { Knex } from 'knex';
import type { KubeObject, ObjectEdit } from '@meshdeck/istio-config';
import type { BeginningChange, MemorizedChange } from './MemorizedChange';
import { withoutContainers } from './withoutContainers';

export const TABLE = 'mesh_changes';

/** Of a change of which it is not known what became of it. */
export const PENDING: readonly MemorizedChange['state'][] = [
  'writing',
  'returning',
  'unknown',
];

/** As the migrations made it. */
export interface Row {
  id: string;
  /** PostgreSQL gives what is as big as that as a text. */
  number: number | string;
  cluster: string;
  namespace: string;
  service: string;
  entity_ref: string;
  who: string | null;
  why: string | null;
  intent: string;
  sentence: string;
  /** JSON of a list, as the afters are; of an after that is not there, null. */
  edits: string;
  afters: string | null;
  state: MemorizedChange['state'];
  /** JSON. */
  request: string | null;
  undoes: string | null;
  /** SQLite has no booleans. */
  undone: boolean | number;
}

/** A change that is about to be made. */
export function rowOf({
  id,
  number,
  placement,
  intent,
  ...change
}: BeginningChange & { id: string; number: number }): Row {
  const { entityRef, who, why, sentence, edits, request } = change;
  const { cluster, namespace, service } = placement;
  return {
    id,
    number,
    cluster,
    namespace,
    service,
    entity_ref: entityRef,
    who: who ?? null,
    why: why ?? null,
    intent: intent.intent,
    sentence,
    edits: JSON.stringify(edits.map(keptOf)),
    afters: null,
    state: request ? 'proposing' : 'writing',
    request: request ? JSON.stringify(request) : null,
    undoes: intent.undoes ?? null,
    undone: false,
  };
}

export function changeOf(row: Row): MemorizedChange {
  const edits: ObjectEdit[] = JSON.parse(row.edits);
  const afters: (KubeObject | null)[] = JSON.parse(row.afters ?? '[]');
  return {
    id: row.id,
    at: Number(row.number),
    cluster: row.cluster,
    namespace: row.namespace,
    service: row.service,
    entityRef: row.entity_ref,
    who: row.who ?? undefined,
    why: row.why ?? undefined,
    intent: row.intent,
    sentence: row.sentence,
    steps: edits.map((edit, index) => ({
      edit,
      after: afters[index] ?? undefined,
    })),
    state: row.state,
    request: row.request ? JSON.parse(row.request) : undefined,
    undoes: row.undoes ?? undefined,
    undone: Boolean(row.undone),
  };
}

function keptOf(edit: ObjectEdit): ObjectEdit {
  return edit.action === 'create'
    ? { ...edit, object: withoutContainers(edit.object) }
    : { ...edit, before: withoutContainers(edit.before) };
}

/** Those of some states, in the order in which they began. */
export async function changesIn(
  knex: Knex,
  which: Partial<Row>,
  states: readonly MemorizedChange['state'][],
): Promise<MemorizedChange[]> {
  const rows = await knex<Row>(TABLE)
    .where(which)
    .whereIn('state', states)
    .orderBy(['number', 'id']);
  return rows.map(changeOf);
}
