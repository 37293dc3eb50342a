import type { KubeObject } from '@meshdeck/istio-config';
import { FieldSet } from './FieldSet';

/** Who made a write, as `managedFields` tells writers apart. */
export interface FieldManager {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
}

/** What one manager owns. */
export interface Ownership extends FieldManager {
  time?: string;
  fields: FieldSet;
}

/** The owners of an object's fields by identity: an applier is one across versions, an updater one per version. */
export type Ownerships = ReadonlyMap<string, Ownership>;

export function identityOf(manager: FieldManager): string {
  const version = manager.operation === 'Apply' ? '' : manager.apiVersion;
  return JSON.stringify([manager.operation, version, manager.manager]);
}

export function readOwnerships(object: KubeObject | undefined): Ownerships {
  const entries = object?.metadata.managedFields;
  const owners = new Map<string, Ownership>();
  for (const entry of Array.isArray(entries) ? entries : []) {
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') continue;
    const owner: Ownership = {
      manager: entry.manager ?? '',
      operation: entry.operation,
      apiVersion: entry.apiVersion ?? '',
      time: entry.time,
      fields: FieldSet.fromFieldsV1(entry.fieldsV1),
    };
    owners.set(identityOf(owner), owner);
  }
  return owners;
}

/** Real servers fold older updaters into one, so that the list stays short. */
const MAX_UPDATERS = 10;

function folded(owners: Ownership[]): Ownership[] {
  const updaters = owners
    .filter(owner => owner.operation === 'Update')
    .sort(byTime);
  const surplus = updaters.length - MAX_UPDATERS;
  if (surplus <= 0) return owners;
  const old = new Set(updaters.slice(0, surplus + 1));
  const bucket = [...old].reduce((all, owner) => ({
    ...owner,
    fields: all.fields.union(owner.fields),
  }));
  return [
    ...owners.filter(owner => !old.has(owner)),
    { ...bucket, manager: 'ancient-changes' },
  ];
}

function byTime(a: Ownership, b: Ownership): number {
  return (a.time ?? '').localeCompare(b.time ?? '');
}

/** The wire form, in the order real servers write it. */
export function writeOwnerships(
  owners: Ownerships,
): KubeObject['metadata']['managedFields'] {
  const kept = [...owners.values()].filter(owner => !owner.fields.isEmpty);
  return folded(kept)
    .sort(
      (a, b) =>
        a.operation.localeCompare(b.operation) ||
        byTime(a, b) ||
        a.manager.localeCompare(b.manager) ||
        a.apiVersion.localeCompare(b.apiVersion),
    )
    .map(owner => ({
      manager: owner.manager,
      operation: owner.operation,
      apiVersion: owner.apiVersion,
      ...(owner.time ? { time: owner.time } : {}),
      fieldsType: 'FieldsV1',
      fieldsV1: owner.fields.toFieldsV1(),
    }));
}
