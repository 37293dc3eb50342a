import type { Node } from 'yaml';

/** Tells the line of a place in the text. */
export type Lines = { linePos(offset: number): { line: number } };

/** An object with the place it was read from. */
export interface PlacedObject {
  object: unknown;
  file: string;
  node?: Node;
  lines: Lines;
  /** Where in the object the text stands; the whole object where absent. */
  within?: string;
  /** The place in a document among its snippets; absent for manifests. */
  snippet?: number;
}
