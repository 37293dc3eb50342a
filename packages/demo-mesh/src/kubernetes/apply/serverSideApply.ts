import type { KubeObject } from '@meshdeck/istio-config';
import { StatusError, type StatusCause } from '../StatusError';
import { skeletonOf } from '../defaults';
import type { ResourceType } from '../resources';
import { FieldSet } from './FieldSet';
import {
  identityOf,
  readOwnerships,
  writeOwnerships,
  type FieldManager,
  type Ownership,
  type Ownerships,
} from './managedFields';
import { schemaOf } from './schema';
import {
  compare,
  fieldsOf,
  merge,
  remove,
  type Comparison,
} from './typedValue';

/** What the server fills in and nobody owns. */
const UNOWNED_METADATA = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

/** The part of an object that has owners. */
function ownable(object: Partial<KubeObject>): Record<string, unknown> {
  const { apiVersion: _, kind: __, metadata = {}, ...rest } = object;
  const kept = Object.entries(metadata).filter(
    ([field]) => !UNOWNED_METADATA.includes(field),
  );
  return { metadata: Object.fromEntries(kept), ...rest };
}

function withoutMetadataItself(fields: FieldSet): FieldSet {
  return fields.difference(FieldSet.of(false, [['f:metadata', FieldSet.leaf]]));
}

interface Transfer {
  owners: Map<string, Ownership>;
  conflicts: { owner: Ownership; fields: FieldSet }[];
}

/** Takes what a write changes from those who own it now. */
function transfer(
  owners: Ownerships,
  change: Comparison,
  writer: string,
): Transfer {
  const taken = change.modified.union(change.added);
  const next = new Map<string, Ownership>();
  const conflicts: Transfer['conflicts'] = [];
  for (const [id, owner] of owners) {
    if (id === writer) {
      next.set(id, owner);
      continue;
    }
    const contested = owner.fields.intersection(taken);
    if (!contested.isEmpty) conflicts.push({ owner, fields: contested });
    const fields = owner.fields
      .difference(contested)
      .difference(change.removed);
    if (!fields.isEmpty) next.set(id, { ...owner, fields });
  }
  return { owners: next, conflicts };
}

function describe(owner: Ownership): string {
  const name = JSON.stringify(owner.manager);
  if (owner.operation === 'Apply') return name;
  const at = owner.time ? ` at ${owner.time}` : '';
  return `${name} using ${owner.apiVersion}${at}`;
}

function applyConflict(conflicts: Transfer['conflicts']): StatusError {
  const contested = conflicts
    .map(({ owner, fields }) => ({
      by: describe(owner),
      paths: fields.paths(),
    }))
    .sort((a, b) => (a.by < b.by ? -1 : 1));
  const causes = contested.flatMap(({ by, paths }) =>
    paths.map(
      (path): StatusCause => ({
        reason: 'FieldManagerConflict',
        message: `conflict with ${by}`,
        field: path,
      }),
    ),
  );
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${causes[0].message}: ${causes[0].field}`
      : `Apply failed with ${causes.length} conflicts: ${contested
          .map(({ by, paths }) =>
            [`conflicts with ${by}:`, ...paths.map(path => `- ${path}`)].join(
              '\n',
            ),
          )
          .join('\n')}`;
  return new StatusError(409, 'Conflict', message, { causes });
}

/**
 * The fields the applier gave up and nobody else owns. A field whose parts somebody owns stays with them.
 */
function abandoned(fields: FieldSet, owned: FieldSet): FieldSet {
  if (fields.member && owned.isEmpty) return fields;
  return FieldSet.of(
    false,
    [...fields.children].map(([element, child]) => [
      element,
      abandoned(child, owned.child(element)),
    ]),
  );
}

function withOwnable(
  object: KubeObject,
  content: Record<string, unknown>,
  managedFields: KubeObject['metadata']['managedFields'],
): KubeObject {
  const { metadata, ...rest } = content;
  const system = Object.entries(object.metadata).filter(([field]) =>
    UNOWNED_METADATA.includes(field),
  );
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...(metadata as object),
      ...(Object.fromEntries(system) as KubeObject['metadata']),
      managedFields,
    },
    ...rest,
  };
}

/**
 * Server-side apply: lays a configuration over the live object, removes what this manager applied before and no
 * longer does, and refuses to change what another manager owns unless forced.
 */
export function serverSideApply(options: {
  type: ResourceType;
  /** The object as it is; nothing but its name where it doesn't exist yet. */
  live: KubeObject;
  config: KubeObject;
  manager: string;
  force: boolean;
  time: string;
}): KubeObject {
  const { type, live, config, force, time } = options;
  const schema = schemaOf(type);
  const applier: FieldManager = {
    manager: options.manager,
    operation: 'Apply',
    apiVersion: config.apiVersion,
  };
  const id = identityOf(applier);
  const before = ownable(live);
  const wanted = ownable(config);
  const owners = new Map(
    ownershipsBeforeApply(type, live, config.apiVersion, before),
  );
  const previous = owners.get(id);
  const applied = withoutMetadataItself(fieldsOf(schema, wanted));
  owners.set(id, { ...applier, time: previous?.time ?? time, fields: applied });

  let after = merge(schema, before, wanted) as Record<string, unknown>;
  if (previous) {
    const owned = [...owners.values()].reduce(
      (all, owner) => all.union(owner.fields),
      FieldSet.empty,
    );
    const gone = abandoned(previous.fields, owned);
    after = (remove(schema, after, gone) ?? {}) as Record<string, unknown>;
  }
  const change = compare(schema, before, after);
  const { owners: next, conflicts } = transfer(owners, change, id);
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);
  const isChanged =
    !change.added.isEmpty ||
    !change.modified.isEmpty ||
    !change.removed.isEmpty;
  const own = next.get(id)!;
  if (isChanged || !previous || !previous.fields.equals(applied))
    next.set(id, { ...own, time });
  return withOwnable(live, after, writeOwnerships(next));
}

/** What exists without owners belongs to nobody in particular, so that an apply doesn't take it unasked. */
function ownershipsBeforeApply(
  type: ResourceType,
  live: KubeObject,
  apiVersion: string,
  content: Record<string, unknown>,
): Ownerships {
  const known = readOwnerships(live);
  if (known.size > 0 || !live.metadata.uid) return known;
  const { added } = compare(schemaOf(type), skeletonOf(type), content);
  const owner: Ownership = {
    manager: 'before-first-apply',
    operation: 'Update',
    apiVersion,
    fields: withoutMetadataItself(added),
  };
  return new Map([[identityOf(owner), owner]]);
}

/** Gives a writer who doesn't apply what the write changed, and takes it from the others. */
export function trackUpdate(options: {
  type: ResourceType;
  live: KubeObject | undefined;
  next: KubeObject;
  manager: string;
  apiVersion: string;
  time: string;
}): KubeObject {
  const { type, live, next, time } = options;
  const schema = schemaOf(type);
  const updater: FieldManager = {
    manager: options.manager,
    operation: 'Update',
    apiVersion: options.apiVersion,
  };
  const id = identityOf(updater);
  const known = knownOwnerships(live, next);
  // Whoever gave up the ownership of an object gets it back with the next apply, not before.
  if (live && known.size === 0)
    return {
      ...next,
      metadata: { ...next.metadata, managedFields: undefined },
    };
  const change = compare(
    schema,
    live ? ownable(live) : skeletonOf(type),
    ownable(next),
  );
  const taken = withoutMetadataItself(change.modified.union(change.added));
  const { owners } = transfer(known, change, id);
  const mine = owners.get(id);
  if (mine) {
    const fields = mine.fields.difference(change.removed).union(taken);
    owners.set(id, { ...mine, fields, time: taken.isEmpty ? mine.time : time });
  } else if (!taken.isEmpty) {
    owners.set(id, { ...updater, time, fields: taken });
  }
  return {
    ...next,
    metadata: { ...next.metadata, managedFields: writeOwnerships(owners) },
  };
}

/** A writer may send ownership along: an empty list leaves it as it is, a list with one empty entry resets it. */
function knownOwnerships(
  live: KubeObject | undefined,
  next: KubeObject,
): Ownerships {
  const sent = next.metadata.managedFields;
  if (!Array.isArray(sent) || sent.length === 0) return readOwnerships(live);
  return readOwnerships(next);
}
