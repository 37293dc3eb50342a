import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { isMap } from '../kube/reading';
import { fragmentsOf } from './fragments';
import type { PlacedObject } from './PlacedObject';
import { lineOf, located, LONGEST_TEXT, readYaml } from './readYaml';
import { isDocument, snippetsOf } from './snippets';
import { UnusableInput } from './UnusableInput';

const READABLE = /\.(ya?ml|json)$/;

/** What could be read, and why the rest could not. */
interface InputsRead {
  places: PlacedObject[];
  problems: UnusableInput[];
}

/**
 * The Kubernetes objects of files, of all YAML and JSON files below folders, of Markdown documents, and of standard input
 * (`-`). In folders and documents, YAML that is no object is passed over. What cannot be read does not hide the rest.
 */
export function readInputs(inputs: readonly string[]): InputsRead {
  const read: InputsRead = { places: [], problems: [] };
  const take = (objects: () => PlacedObject[]) => {
    try {
      for (const place of objects()) {
        read.places.push(place);
      }
    } catch (problem) {
      if (!(problem instanceof UnusableInput)) {
        throw problem;
      }
      read.problems.push(problem);
    }
  };
  for (const input of inputs) {
    take(() => {
      if (input === '-') {
        return objectsOf(readText(0, 'stdin'), 'stdin');
      }
      if (!isFolder(input)) {
        return objectsOf(readText(input, input), input);
      }
      for (const file of filesBelow(input)) {
        take(() => manifestsOf(file));
      }
      return [];
    });
  }
  return read;
}

function manifestsOf(file: string): PlacedObject[] {
  return readYaml(readText(file, file), file).filter(
    ({ object }) => problemOf(object) === undefined,
  );
}

export function readText(source: string | 0, name: string): string {
  try {
    if (source !== 0 && statSync(source).size > LONGEST_TEXT) {
      throw new UnusableInput(
        name,
        1,
        `it is longer than ${LONGEST_TEXT / 1024 / 1024} MB; split it.`,
      );
    }
    return readFileSync(source, 'utf8');
  } catch (problem) {
    throw problem instanceof UnusableInput
      ? problem
      : new UnusableInput(name, undefined, `it cannot be read: ${problem}`);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    throw new UnusableInput(path, undefined, 'there is no such file.');
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return entry.name === 'node_modules' || entry.name.startsWith('.')
          ? []
          : filesBelow(path);
      }
      return entry.isFile() && READABLE.test(entry.name) ? [path] : [];
    });
}

function objectsOf(text: string, file: string): PlacedObject[] {
  if (text.includes('\0')) {
    throw new UnusableInput(file, 1, 'this is no text file.');
  }
  if (isDocument(file, text)) {
    return snippetsOf(text).flatMap((snippet, index) =>
      readYaml(snippet.text, file)
        .flatMap(completed)
        .filter(({ object }) => problemOf(object) === undefined)
        .map(place => ({ ...located(place), snippet: index })),
    );
  }
  const places = readYaml(text, file).flatMap(completed);
  if (places.length === 0) {
    throw new UnusableInput(file, 1, 'there is no object in it.');
  }
  for (const place of places) {
    const problem = problemOf(place.object);
    if (problem) {
      const line = lineOf(place.node, place.lines) ?? 1;
      throw new UnusableInput(file, line, problem);
    }
  }
  return places;
}

/** A piece of an Istio object with the rest of it, anything else as it is. */
function completed(place: PlacedObject): PlacedObject[] {
  const fragments = fragmentsOf(place.object);
  return fragments.length > 0
    ? fragments.map(({ object, within }) => ({
        ...located(place),
        object,
        within,
      }))
    : [place];
}

function problemOf(object: unknown): string | undefined {
  if (!isMap(object)) {
    return 'this is no Kubernetes object.';
  }
  const missing = ['apiVersion', 'kind'].find(
    field => typeof object[field] !== 'string',
  );
  return missing && `this is no Kubernetes object: it has no ${missing}.`;
}
