import { type Document, isDocument, parseAllDocuments } from 'yaml';
import { type ObjectEdit, objectOf } from '../edits/ChangePlan';
import { isSameJson } from '../edits/isSameJson';
import { describeRef, refOf } from '../kube/KubeObject';
import { isMap, textsOf } from '../kube/reading';
import { appendedDocument, withoutDocument } from './documents';
import { fileAfter, holdAllAgainst } from './fileAfter';
import { styleOf } from './ManifestStyle';
import {
  findManifest,
  type ManifestOptions,
  readDocuments,
} from './readManifest';
import { asManifest } from './serverDefaults';
import type { Slot } from './Slot';
import { spliced } from './Splice';
import { SpliceRefused } from './SpliceRefused';
import { valueSplices } from './valueSplices';

/** A file after an edit of one of its objects. @public */
export interface SplicedManifest {
  /** Undefined where no object is left in it: the file goes. */
  text: string | undefined;
}

/**
 * Makes an edit in the source text of a YAML file: what the edit does not name stays, byte by byte, with its comments,
 * indentation, quotes and line ends. What comes out was read again and is what was meant.
 *
 * @param text - the file, of at most 1 MB; of a new file, empty.
 * @param edit - worked out on the object in the cluster; where the file says something else at the places that it is about, it is refused.
 * @throws SpliceRefused with a sentence wherever the result would not be sure: anchors, tags, templates, files made by programs, keys or
 * objects twice, Lists, another object in the cluster than in the file.
 * @public
 */
export function spliceManifest(
  text: string,
  edit: ObjectEdit,
  options: ManifestOptions = {},
): SplicedManifest {
  const padded = withLineEnd(text);
  const documents = readDocuments(padded);
  const object = objectOf(edit);
  const found = findManifest(padded, documents, refOf(object), options);
  if (edit.action === 'create') {
    if (found) {
      throw new SpliceRefused(
        `${describeRef(
          refOf(object),
        )} is in the file already, and not in the cluster. Look why it did not get there.`,
      );
    }
    const manifest = asManifest(object);
    const after = appendedDocument(padded, documents, manifest);
    return proven(text, documents, { ...after, expected: manifest });
  }
  if (!found) {
    throw new SpliceRefused(
      `${describeRef(
        refOf(object),
      )} is not in the file: nothing there has its kind, namespace and name.`,
    );
  }
  const index = documents.indexOf(found.document);
  if (edit.action === 'delete') {
    holdAllAgainst(found.value, edit.before);
    const after = withoutDocument(padded, documents, index);
    return after === undefined
      ? { text: undefined }
      : proven(text, documents, { text: after, index, expected: undefined });
  }
  const expected = fileAfter(found.value, edit.before, edit.operations);
  return rewritten(text, documents, index, expected);
}

/**
 * The text of a `kustomization.yaml` with a file more or less among its `resources`.
 *
 * @throws SpliceRefused as {@link spliceManifest} does.
 * @public
 */
export function spliceResources(
  text: string,
  { add, remove }: { add?: string; remove?: string },
): { text: string } {
  const documents = readDocuments(withLineEnd(text));
  const [value]: unknown[] = documents.map(document => document.toJS());
  if (documents.length !== 1 || !isMap(value)) {
    throw new SpliceRefused(
      'The kustomization is not one document with a map. Mend it first.',
    );
  }
  const resources = [
    ...textsOf(value.resources).filter(path => path !== remove),
    ...(add === undefined ? [] : [add]),
  ];
  return rewritten(text, documents, 0, { ...value, resources });
}

/** The text with another value of one of its documents. */
function rewritten(
  text: string,
  documents: readonly Document.Parsed[],
  index: number,
  expected: object,
): { text: string } {
  const padded = withLineEnd(text);
  const { contents } = documents[index];
  const [start] = contents!.range;
  const root: Slot = {
    node: contents!,
    owner: 'pair',
    start,
    behind: start,
    isFlow: false,
  };
  const splices = valueSplices(
    padded,
    root,
    documents[index].toJS(),
    expected,
    styleOf(padded, contents),
  );
  return proven(text, documents, {
    text: spliced(padded, splices),
    index,
    expected,
  });
}

interface Outcome {
  text: string;
  /** Which document is another one than before. */
  index: number;
  /** Undefined where it is gone. */
  expected: object | undefined;
}

/** Reads the result again, whole, and holds it against what was meant. */
function proven(
  before: string,
  documents: readonly Document.Parsed[],
  { text: padded, index, expected }: Outcome,
): { text: string } {
  const text =
    /\n$/.test(before) || before === '' ? padded : padded.replace(/\r?\n$/, '');
  const read = parseAllDocuments(text, {
    logLevel: 'error',
  }) as Document.Parsed[];
  const wanted = [...documents] as (Document.Parsed | object)[];
  wanted.splice(index, 1, ...(expected ? [expected] : []));
  const isAsMeant =
    read.length === wanted.length &&
    read.every(
      (document, place) =>
        document.errors.length === 0 && isSame(document, wanted[place]),
    );
  if (!isAsMeant) {
    throw new SpliceRefused(
      'Written into the file and read again, the object is not what was meant: the file is spelled in a way that is not changed from here. Change it by hand.',
    );
  }
  return { text };
}

function isSame(
  document: Document.Parsed,
  wanted: Document.Parsed | object,
): boolean {
  return isSameJson(
    document.toJS(),
    isDocument(wanted) ? wanted.toJS() : wanted,
  );
}

function withLineEnd(text: string): string {
  return text === '' || /\n$/.test(text) ? text : text + styleOf(text).lineEnd;
}
