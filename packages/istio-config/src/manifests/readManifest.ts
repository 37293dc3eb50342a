import {
  type Document,
  isAlias,
  isMap as isMapNode,
  isNode,
  isScalar,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from 'yaml';
import {
  describeRef,
  type KubeObject,
  type KubeObjectRef,
} from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import { groupOf } from './groupOf';
import { withLineEnd } from './ManifestStyle';
import { type FilePart, MOST_READ, partsFor } from './parts';
import { SpliceRefused } from './SpliceRefused';

/** Larger files are not written by people. */
const MOST_CHARACTERS = 1024 * 1024;
/** A value that something fills in later: kustomize's, Flux's or a shell's. */
const VARIABLE = /\$\(|\$\{/;

/** An object of a file. */
export interface FoundManifest {
  document: Document.Parsed;
  content: YAMLMap;
  value: KubeObject;
}

/** How an object may be looked for. @public */
export interface ManifestOptions {
  /** The namespace of objects that name none, where something gives it from outside, as kustomize and Argo CD do. */
  namespace?: string;
  /** Whether that is so for objects that name one, too, as for kustomize's `namespace`. */
  isNamespaceForced?: boolean;
}

/** @throws SpliceRefused where a file is too large, a template, or made by a program. */
export function refuseFile(text: string): void {
  if (text.length > MOST_CHARACTERS) {
    throw new SpliceRefused(
      'The file is larger than 1 MB. Files of that size are not changed from here: change it by hand.',
    );
  }
  refuseTemplate(text);
  refuseGenerated(text);
}

/** The documents of a file, or a part of it. @throws SpliceRefused where it is no YAML. */
export function readDocuments(text: string): Document.Parsed[] {
  const documents = [
    ...parseAllDocuments(text, { keepSourceTokens: true, logLevel: 'error' }),
  ] as Document.Parsed[];
  for (const { errors } of documents) {
    const [problem] = errors;
    if (problem?.code === 'DUPLICATE_KEY') {
      throw new SpliceRefused(
        `The file has a key twice in one map (${firstLine(
          problem.message,
        )}), and which one counts differs from program to program. Take one of them out.`,
      );
    }
    if (problem) {
      throw new SpliceRefused(
        `The file is no YAML: ${firstLine(problem.message)}. Mend it first.`,
      );
    }
  }
  return documents;
}

/**
 * The manifest of an object among the documents of a file; undefined where there is none.
 *
 * @throws SpliceRefused where it is there twice, in a List, or written with what a splice cannot be sure of.
 */
export function findManifest(
  text: string,
  documents: readonly Document.Parsed[],
  wanted: KubeObjectRef,
  options: ManifestOptions,
): FoundManifest | undefined {
  const found: FoundManifest[] = [];
  for (const document of documents) {
    const content = document.contents as unknown;
    if (!isMapNode(content)) {
      continue;
    }
    const value = readValue(document, wanted);
    if (isManifestOf(value, wanted, options)) {
      found.push({ document, content, value: value as KubeObject });
    } else if (isMap(value) && /List$/.test(String(value.kind))) {
      refuseList(value, wanted, options);
    }
  }
  if (found.length > 1) {
    throw twice(wanted, found.length);
  }
  const [only] = found;
  if (only) {
    refuseUnsure(text, only, wanted);
  }
  return only;
}

/** A part of a file that holds the manifest of an object, read. */
export interface ReadPart extends FilePart {
  text: string;
  documents: readonly Document.Parsed[];
  found: FoundManifest;
}

/**
 * The part of a file that holds the manifest of an object; undefined where none does.
 *
 * @throws SpliceRefused as {@link refuseFile}, {@link readDocuments} and {@link findManifest} do, and where it is there twice.
 */
export function readFor(
  file: string,
  wanted: KubeObjectRef,
  options: ManifestOptions,
  most: number,
): ReadPart | undefined {
  refuseFile(file);
  const holding = partsFor(file, wanted, most).flatMap(part => {
    const text = file.slice(part.start, part.end);
    const padded = withLineEnd(text);
    const documents = readDocuments(padded);
    const found = findManifest(padded, documents, wanted, options);
    return found ? [{ ...part, text, documents, found }] : [];
  });
  if (holding.length > 1) {
    throw twice(wanted, holding.length);
  }
  return holding[0];
}

/**
 * Whether a file holds the manifest of an object.
 *
 * @throws SpliceRefused where nobody can tell, or it is there in a way that is not changed from here.
 * @public
 */
export function holdsManifest(
  text: string,
  wanted: KubeObjectRef,
  options: ManifestOptions = {},
): boolean {
  return readFor(text, wanted, options, MOST_READ) !== undefined;
}

/** Whether a text means something only after something else has filled it in. */
export function hasVariable(value: unknown): boolean {
  return VARIABLE.test(JSON.stringify(value) ?? '');
}

function twice(wanted: KubeObjectRef, times: number): SpliceRefused {
  return new SpliceRefused(
    `${describeRef(
      wanted,
    )} is in the file ${times} times, and the last one counts by chance. Leave one.`,
  );
}

function isManifestOf(
  value: unknown,
  wanted: KubeObjectRef,
  { namespace, isNamespaceForced }: ManifestOptions,
): boolean {
  if (!isMap(value) || !isMap(value.metadata) || value.kind !== wanted.kind) {
    return false;
  }
  const said: unknown = value.metadata.namespace ?? undefined;
  const given = wanted.namespace && namespace;
  const own = isNamespaceForced ? given : said ?? given;
  return (
    groupOf(String(value.apiVersion)) === groupOf(wanted.apiVersion) &&
    value.metadata.name === wanted.name &&
    own === wanted.namespace
  );
}

function readValue(document: Document.Parsed, wanted: KubeObjectRef): unknown {
  try {
    return document.toJS();
  } catch {
    throw new SpliceRefused(
      `The file has a document whose aliases cannot be followed, so nobody can tell whether ${describeRef(
        wanted,
      )} is there once. Write out what they stand for.`,
    );
  }
}

function refuseList(
  list: Record<string, unknown>,
  wanted: KubeObjectRef,
  options: ManifestOptions,
): void {
  const kind = String(list.kind).slice(0, -'List'.length);
  const holdsIt = itemsOf(list.items).some(item =>
    isManifestOf(
      isMap(item) && kind
        ? { kind, apiVersion: list.apiVersion, ...item }
        : item,
      wanted,
      options,
    ),
  );
  if (holdsIt) {
    throw new SpliceRefused(
      `${describeRef(wanted)} is an item of a ${
        list.kind
      } in the file. Lists are not changed from here: make a document of each item.`,
    );
  }
}

/** Helm's and Jinja's statements, and jsonnet, which is no YAML at all. */
function refuseTemplate(text: string): void {
  const isTemplate = text
    .split('\n')
    .some(line => /^\s*\{\{|^[^#"']*[:-]\s+\{\{/.test(line));
  if (isTemplate) {
    throw new SpliceRefused(
      'The file is a template ({{ … }}): what the cluster gets is made from it and from values. Change the template or its values by hand.',
    );
  }
  if (/^\s*(local\s+\w+\s*=|function\s*\()/.test(text)) {
    throw new SpliceRefused(
      'The file is jsonnet: what the cluster gets is made by running it. Change it by hand.',
    );
  }
}

/** Only what a comment says before anything else of a document: elsewhere it is about something else. */
function refuseGenerated(text: string): void {
  let isHead = true;
  for (const line of text.split('\n')) {
    const isComment = /^\s*#/.test(line);
    if (
      isHead &&
      isComment &&
      /\bdo not (edit|modify)\b|\b(auto-?)?generated (by|from)\b/i.test(line)
    ) {
      throw new SpliceRefused(
        `The file is made by a program (“${line
          .trim()
          .slice(
            0,
            100,
          )}”), which would undo a change of it. Change what it is made from.`,
      );
    }
    isHead = /^---/.test(line) || (isHead && (isComment || line.trim() === ''));
  }
}

function refuseUnsure(
  text: string,
  { document, content }: FoundManifest,
  wanted: KubeObjectRef,
): void {
  const name = describeRef(wanted);
  const { yaml, tags } = document.directives;
  if (yaml.explicit || Object.keys(tags).length > 1) {
    throw new SpliceRefused(
      `The file has a % line before ${name}, which changes what it means. Take it out.`,
    );
  }
  visit(content, (_key, node) => {
    if (isAlias(node) || (isNode(node) && 'anchor' in node && node.anchor)) {
      throw new SpliceRefused(
        `${name} has anchors or aliases in the file (${
          isAlias(node) ? '*' : '&'
        }${
          isAlias(node)
            ? node.source
            : String((node as { anchor?: string }).anchor)
        }), so a change at one place would change others. Write out what they stand for.`,
      );
    }
    if (isScalar(node) && node.value === '<<' && node.type === 'PLAIN') {
      throw new SpliceRefused(
        `${name} has a merge key (<<) in the file. Write out what it stands for.`,
      );
    }
    if (isNode(node) && node.tag) {
      throw new SpliceRefused(
        `${name} has a tag (${node.tag}) in the file, which means something only to some programs. Take it out.`,
      );
    }
  });
  const [start, end] = content.range!;
  const isTemplate = text
    .slice(start, end)
    .split('\n')
    .some(line => !/^\s*#/.test(line) && line.includes('{{'));
  if (isTemplate) {
    throw new SpliceRefused(
      `${name} has {{ … }} in the file, as templates have. Change it by hand.`,
    );
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0].replace(/:$/, '');
}
