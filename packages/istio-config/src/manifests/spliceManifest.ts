import { type Document, isDocument, parseAllDocuments } from 'yaml';
import { type ObjectEdit, objectOf } from '../edits/ChangePlan';
import { isSameJson } from '../edits/isSameJson';
import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import { isMap, textsOf } from '../kube/reading';
import { appendedDocument, withoutDocument } from './documents';
import { fileAfter, holdAllAgainst } from './fileAfter';
import { styleOf, withLineEnd } from './ManifestStyle';
import {
  type FilePart,
  MOST_READ,
  partsOf,
  requireSmall,
  withNeighbour,
} from './parts';
import {
  findManifest,
  type ManifestOptions,
  readDocuments,
  readFor,
  type ReadPart,
  refuseFile,
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
  return spliceParts(text, edit, options, MOST_READ);
}

/** The same; of files with more characters than `most` only the documents that the edit may be about are read. */
export function spliceParts(
  file: string,
  edit: ObjectEdit,
  options: ManifestOptions,
  most: number,
): SplicedManifest {
  const object = objectOf(edit);
  const part = readFor(file, refOf(object), options, most);
  if (edit.action === 'create') {
    if (part) {
      throw new SpliceRefused(
        `${describeRef(
          refOf(object),
        )} is in the file already, and not in the cluster. Look why it did not get there.`,
      );
    }
    return appended(file, asManifest(object), most);
  }
  if (!part) {
    throw new SpliceRefused(
      `${describeRef(
        refOf(object),
      )} is not in the file: nothing there has its kind, namespace and name.`,
    );
  }
  if (edit.action === 'delete') {
    holdAllAgainst(part.found.value, edit.before);
    return withoutManifest(file, part, { object, options, most });
  }
  const { text, documents, found } = part;
  const expected = fileAfter(found.value, edit.before, edit.operations);
  const index = documents.indexOf(found.document);
  return inPlace(file, part, rewritten(text, documents, index, expected));
}

function appended(
  file: string,
  manifest: KubeObject,
  most: number,
): SplicedManifest {
  const part = partsOf(file, most).pop()!;
  requireSmall([part], most);
  const text = file.slice(part.start, part.end);
  const padded = withLineEnd(text);
  const documents = readDocuments(padded);
  const after = appendedDocument(padded, documents, manifest);
  const expected = manifest;
  return inPlace(file, part, proven(text, documents, { ...after, expected }));
}

/** With a document beside it, by which it is told what belongs to which. */
function withoutManifest(
  file: string,
  own: ReadPart,
  {
    object,
    options,
    most,
  }: { object: KubeObject; options: ManifestOptions; most: number },
): SplicedManifest {
  const part = withNeighbour(file, own, most);
  requireSmall([part], most);
  const text = file.slice(part.start, part.end);
  const padded = withLineEnd(text);
  const documents = readDocuments(padded);
  const { document } = findManifest(padded, documents, refOf(object), options)!;
  const index = documents.indexOf(document);
  const after = withoutDocument(padded, documents, index);
  return after === undefined
    ? { text: undefined }
    : inPlace(
        file,
        part,
        proven(text, documents, { text: after, index, expected: undefined }),
      );
}

/** What is around a part stays, byte by byte. */
function inPlace(
  file: string,
  { start, end }: FilePart,
  { text }: { text: string },
): SplicedManifest {
  return { text: file.slice(0, start) + text + file.slice(end) };
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
  refuseFile(text);
  requireSmall([{ start: 0, end: text.length }], MOST_READ);
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

/** Reads the part again, and holds it against what was meant. */
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
