import { isSameJson } from '../edits/isSameJson';
import { patched, type PatchOperation } from '../edits/PatchOperation';
import type { KubeObject } from '../kube/KubeObject';
import { pathOf, type Place } from '../kube/place';
import { isMap, ownField } from '../kube/reading';
import { hasVariable } from './readManifest';
import { isOfServer, isServerDefault } from './serverDefaults';
import { SpliceRefused } from './SpliceRefused';

/**
 * What the manifest in a file becomes by operations that were worked out on the object in the cluster. They fit only
 * where both say the same: at each place that they go through or are about, the file is held against the cluster.
 *
 * @param file - the manifest as the file says it.
 * @param live - the object in the cluster before the operations.
 * @throws SpliceRefused where they differ there, or a variable stands there.
 */
export function fileAfter(
  file: KubeObject,
  live: KubeObject,
  operations: readonly PatchOperation[],
): KubeObject {
  let [after, liveAfter] = [file, live];
  for (const operation of operations) {
    if (isOfServer(operation.at)) {
      continue;
    }
    if (operation.op !== 'remove' && hasVariable(operation.value)) {
      throw new SpliceRefused(
        `${pathOf(
          operation.at,
        )} would become a text with \${ or $(, which kustomize or Flux may take for a variable. Change the file by hand.`,
      );
    }
    const fitting = fittingOperation(after, liveAfter, operation);
    try {
      liveAfter = patched(liveAfter, [operation]);
    } catch (error) {
      throw new SpliceRefused(
        `The object in the cluster is not what this change was worked out for (${String(
          (error as Error).message,
        )}). Look at it again.`,
      );
    }
    after = fitting ? patched(after, [fitting]) : after;
  }
  return after;
}

/** Holds all of a manifest against the cluster, but for what the server adds. @throws SpliceRefused where they differ. */
export function holdAllAgainst(file: KubeObject, live: KubeObject): void {
  const {
    metadata: _own,
    status: _status,
    apiVersion: _version,
    ...said
  } = file;
  const { metadata: _other, status: _is, apiVersion: _v, ...is } = live;
  refuseOther(said, is, [], live.apiVersion);
}

/** The operation as it fits the file; undefined where the file needs none. */
function fittingOperation(
  file: KubeObject,
  live: KubeObject,
  operation: PatchOperation,
): PatchOperation | undefined {
  const { at, op } = operation;
  let [said, is]: [unknown, unknown] = [file, live];
  for (let depth = 0; depth < at.length; depth++) {
    const place = at.slice(0, depth);
    if (typeof at[depth] === 'number') {
      // Which item is meant is told by its place alone, so the whole list has to be the same.
      refuseOther(said, is, place, live.apiVersion);
    }
    if (said === undefined && is !== undefined) {
      if (operation.op === 'add' && mayBeCreated(place)) {
        return created(operation, depth);
      }
      throw otherwise(place, 'is not in the file', said);
    }
    if (
      depth === at.length - 1 &&
      op === 'add' &&
      typeof at[depth] === 'number'
    ) {
      return operation;
    }
    [said, is] = [childOf(said, at[depth]), childOf(is, at[depth])];
  }
  const last = at[at.length - 1];
  const isFilledIn =
    said === undefined && isServerDefault(live.apiVersion, String(last), is);
  if (!isFilledIn || op === 'remove') {
    refuseOther(said, is, at, live.apiVersion);
  }
  // A test held above: with defaults of the server, the file's value is the same and yet not equal.
  if (op === 'test') {
    return undefined;
  }
  return isFilledIn && op === 'replace'
    ? { ...operation, op: 'add' }
    : operation;
}

/** An `add` that makes the maps, too, that only the cluster has so far. */
function created(
  { at, value: innermost }: Extract<PatchOperation, { value: unknown }>,
  depth: number,
): PatchOperation {
  const value = at
    .slice(depth)
    .reduceRight<unknown>((inner, step) => ({ [step]: inner }), innermost);
  return { op: 'add', at: at.slice(0, depth), value };
}

/** Labels and annotations: others than those who write the file put some on the object. */
function mayBeCreated(place: Place): boolean {
  const [last, above] = [place[place.length - 1], place[place.length - 2]];
  return above === 'metadata' && (last === 'labels' || last === 'annotations');
}

function childOf(value: unknown, step: string | number): unknown {
  if (typeof step === 'number') {
    return Array.isArray(value) ? value[step] : undefined;
  }
  return ownField(value, step);
}

/** @throws SpliceRefused naming the first place at which the file says something else. */
function refuseOther(
  said: unknown,
  is: unknown,
  place: Place,
  apiVersion: string,
): void {
  if (isSameJson(said, is) || (said === null && is === undefined)) {
    return;
  }
  if (Array.isArray(said) && Array.isArray(is)) {
    if (said.length !== is.length) {
      throw otherwise(
        place,
        `has ${is.length} items there and ${said.length} in the file`,
        said,
      );
    }
    said.forEach((item, index) =>
      refuseOther(item, is[index], [...place, index], apiVersion),
    );
    return;
  }
  if (isMap(said) && isMap(is)) {
    for (const field of new Set([...Object.keys(said), ...Object.keys(is)])) {
      const [own, other]: unknown[] = [
        ownField(said, field),
        ownField(is, field),
      ];
      if (own !== undefined || !isServerDefault(apiVersion, field, other)) {
        refuseOther(own, other, [...place, field], apiVersion);
      }
    }
    return;
  }
  throw otherwise(place, difference(said, is), said);
}

function difference(said: unknown, is: unknown): string {
  if (said === undefined) {
    return `is ${short(is)} there and not in the file`;
  }
  return is === undefined
    ? `is ${short(said)} in the file and not there`
    : `is ${short(is)} there and ${short(said)} in the file`;
}

function otherwise(place: Place, what: string, said: unknown): SpliceRefused {
  return hasVariable(said)
    ? new SpliceRefused(
        `${pathOf(
          place,
        )} has a variable in the file (\${…} or $(…)), which is filled in on the way to the cluster. Change the file by hand.`,
      )
    : new SpliceRefused(
        `The cluster is not what the file says: ${
          pathOf(place) || 'the object'
        } ${what}. Bring both in line first, then make the change anew.`,
      );
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
