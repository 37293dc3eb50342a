import fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import {
  afterOf,
  beforeOf,
  type ChangePlan,
  editsSomething,
  type ObjectEdit,
} from '../edits/ChangePlan';
import { EditRefused } from '../edits/EditRefused';
import { toJsonPatch } from '../edits/PatchOperation';
import { undoOf } from '../edits/undo';
import type { KubeObject } from '../kube/KubeObject';
import { fieldsOf, isMap } from '../kube/reading';

/** What was planned for a generated configuration, and where it may differ from what was. */
interface Planned {
  plan: ChangePlan;
  /** Paths as `spec.http[0].timeout`: what changes is one of them or lies in one. */
  mayChange: readonly RegExp[];
}

export interface IntentTally {
  configurations: number;
  /** In how many an object that was there became another. */
  changed: number;
  /** Something else changed than what the intent names, or the patch cannot be made. */
  wrong: number;
  /** Undone, it is not what it was, byte by byte. */
  undoWrong: number;
  /** The first fault. */
  example?: string;
}

/** An intent with answers, on a generated configuration. */
export type Trial = fc.Arbitrary<() => Planned>;

const PER_ROUND = 200;
/** Of so many that are tried, one must be taken. */
const MOST_REFUSED = 40;

/** Tries an intent on generated configurations until so many of them took it; those that it refuses do not count. */
export function tryIntent(
  trial: Trial,
  { configurations, seed }: { configurations: number; seed: number },
): IntentTally {
  const tally: IntentTally = {
    configurations: 0,
    changed: 0,
    wrong: 0,
    undoWrong: 0,
  };
  const rounds = Math.ceil((configurations * MOST_REFUSED) / PER_ROUND);
  for (let round = 0; round < rounds; round++) {
    const options = { numRuns: PER_ROUND, seed: seed + round };
    for (const planIt of fc.sample(trial, options)) {
      if (tally.configurations === configurations) {
        return tally;
      }
      judge(planIt, tally);
    }
  }
  return tally;
}

function judge(planIt: () => Planned, tally: IntentTally): void {
  let planned: Planned;
  try {
    planned = planIt();
  } catch (error) {
    if (error instanceof EditRefused) {
      return;
    }
    throw error;
  }
  tally.configurations += 1;
  for (const edit of planned.plan.edits) {
    const fault = faultOf(edit, planned.mayChange);
    const undoFault = undoFaultOf(edit);
    tally.changed += edit.action === 'change' && editsSomething(edit) ? 1 : 0;
    tally.wrong += fault ? 1 : 0;
    tally.undoWrong += undoFault ? 1 : 0;
    tally.example ??= fault ?? undoFault;
  }
}

/** What is wrong with an edit, by another implementation of JSON Patch. */
function faultOf(
  edit: ObjectEdit,
  mayChange: readonly RegExp[],
): string | undefined {
  if (edit.action !== 'change') {
    return undefined;
  }
  const { before } = edit;
  const after = applied(before, toJsonPatch(edit.operations));
  if (typeof after === 'string') {
    return after;
  }
  if (canonical(after) !== canonical(afterOf(edit))) {
    return `two implementations disagree on ${JSON.stringify(edit.operations)}`;
  }
  const inserted = edit.operations.find(
    ({ op, at }) => op === 'add' && typeof at[at.length - 1] === 'number',
  );
  const compared = inserted
    ? applied(after, [{ op: 'remove', path: `/${inserted.at.join('/')}` }])
    : after;
  const odd = differences(before, compared, '').find(
    path => !mayChange.some(allowed => allowed.test(path)),
  );
  return odd && `${odd} changed: ${JSON.stringify(edit.operations)}`;
}

function undoFaultOf(edit: ObjectEdit): string | undefined {
  const after = afterOf(edit);
  const undo = undoOf(edit, after);
  if (undo.action === 'delete') {
    return edit.action === 'create'
      ? undefined
      : 'a change is undone by deleting';
  }
  const back =
    undo.action === 'create'
      ? undo.object
      : applied(undo.before, toJsonPatch(undo.operations));
  const before = beforeOf(edit);
  const isBack =
    typeof back !== 'string' && specOf(back) === specOf(before as KubeObject);
  return isBack ? undefined : `undone: ${JSON.stringify(back)}`;
}

/** All that a person writes of an object, byte by byte, its keys in the order of the API server. */
function specOf({ metadata, status: _status, ...rest }: KubeObject): string {
  const { labels, annotations, name, namespace } = metadata;
  return canonical({
    ...rest,
    metadata: { labels, annotations, name, namespace },
  });
}

function applied(object: KubeObject, patch: object[]): KubeObject | string {
  const copy = structuredClone(object);
  const failed = applyPatch(copy, patch as Operation[]).find(
    error => error !== null,
  );
  return failed ? `${failed.message}: ${JSON.stringify(patch)}` : copy;
}

/** The paths of what differs, as deep as both sides have it; of what only one has, its fields. */
function differences(a: unknown, b: unknown, path: string): string[] {
  if (canonical(a) === canonical(b)) {
    return [];
  }
  if (isMap(a) || isMap(b)) {
    const names = [...fieldsOf(a), ...fieldsOf(b)].map(([name]) => name);
    const isDeep =
      (isMap(a) || a === undefined) && (isMap(b) || b === undefined);
    return isDeep && names.length > 0
      ? [...new Set(names)].flatMap(name =>
          differences(
            isMap(a) ? a[name] : undefined,
            isMap(b) ? b[name] : undefined,
            path ? `${path}.${name}` : name,
          ),
        )
      : [path];
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, index) =>
      index < a.length && index < b.length
        ? differences(a[index], b[index], `${path}[${index}]`)
        : [`${path}[${index}]`],
    ).flat();
  }
  return [path];
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, field) =>
    isMap(field)
      ? Object.fromEntries(
          Object.entries(field).sort(([one], [two]) => (one < two ? -1 : 1)),
        )
      : field,
  );
}
