import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { isMap } from '../kube/reading';
import { lineOf, LONGEST_TEXT, PlacedObject, readYaml } from './readYaml';
import { UnusableInput } from './UnusableInput';

const READABLE = /\.(ya?ml|json)$/;

/**
 * The Kubernetes objects of files, of all YAML and JSON files below folders, and of standard input (`-`). In folders,
 * documents that are none are passed over.
 * @throws UnusableInput naming file and line.
 */
export function readInputs(inputs: readonly string[]): PlacedObject[] {
  return inputs.flatMap(input => {
    if (input === '-') {
      return objectsOf(readText(0, 'stdin'), 'stdin', false);
    }
    return isFolder(input)
      ? filesBelow(input).flatMap(file =>
          objectsOf(readText(file, file), file, true),
        )
      : objectsOf(readText(input, input), input, false);
  });
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

function objectsOf(
  text: string,
  file: string,
  isTolerant: boolean,
): PlacedObject[] {
  return readYaml(text, file).filter(place => {
    const problem = problemOf(place.object);
    if (problem && !isTolerant) {
      throw new UnusableInput(
        file,
        lineOf(place.node, place.lines) ?? 1,
        problem,
      );
    }
    return problem === undefined;
  });
}

function problemOf(object: unknown): string | undefined {
  if (!isMap(object)) {
    return 'this is no Kubernetes object.';
  }
  const missing = ['apiVersion', 'kind'].find(
    field => typeof object[field] !== 'string',
  );
  if (missing) {
    return `this is no Kubernetes object: it has no ${missing}.`;
  }
  return undefined;
}
