import { isMap } from '../kube/reading';
import type { PlacedObject } from './PlacedObject';

/** Whether an object stands in a document, among text, rather than in a manifest. */
export function isOfADocument({ snippet }: PlacedObject): boolean {
  return snippet !== undefined;
}

/**
 * What is to be judged together: all manifests; and of each document its snippets, as long as no object comes twice. A document
 * shows the same object several times in different states.
 */
export function setsOf(placed: readonly PlacedObject[]): PlacedObject[][] {
  const sets: PlacedObject[][] = [];
  const manifests = placed.filter(place => !isOfADocument(place));
  if (manifests.length > 0) {
    sets.push(manifests);
  }
  const documents = new Map<string, PlacedObject[]>();
  for (const place of placed.filter(isOfADocument)) {
    const places = documents.get(place.file) ?? [];
    documents.set(place.file, places);
    places.push(place);
  }
  for (const places of documents.values()) {
    sets.push(...withoutRepeats(places));
  }
  return sets;
}

function withoutRepeats(places: readonly PlacedObject[]): PlacedObject[][] {
  const sets: { names: Set<string>; places: PlacedObject[] }[] = [];
  for (const place of places) {
    const name = nameOf(place.object);
    let own = sets.find(({ names }) => name === undefined || !names.has(name));
    if (!own) {
      own = { names: new Set(), places: [] };
      sets.push(own);
    }
    own.places.push(place);
    if (name !== undefined) {
      own.names.add(name);
    }
  }
  return sets.map(({ places: together }) => together);
}

/** Kind and name; without the namespace, which documents give in one place and not in the next. */
function nameOf(object: unknown): string | undefined {
  return isMap(object) && isMap(object.metadata) && object.metadata.name
    ? `${object.kind} ${object.metadata.name}`
    : undefined;
}
