import { InputError } from '@backstage/errors';
import { isMap, type KubeObject } from '@meshdeck/istio-config';
import { type Document, isAlias, parseAllDocuments, visit } from 'yaml';

/**
 * The object that somebody wrote.
 *
 * @throws InputError where that is no YAML, more than one document, no object, or where it has aliases.
 */
export function writtenObject(text: string): KubeObject {
  const documents = parseAllDocuments(text) as Document[];
  if (documents.length !== 1) {
    throw new InputError(
      `These are ${documents.length} documents; write one object.`,
    );
  }
  const [document] = documents;
  const [problem] = document.errors;
  if (problem) {
    throw new InputError(`This is no YAML: ${problem.message}`);
  }
  refuseAliases(document);
  const object: unknown = document.toJS();
  if (
    !isMap(object) ||
    typeof object.apiVersion !== 'string' ||
    typeof object.kind !== 'string' ||
    !isMap(object.metadata) ||
    typeof object.metadata.name !== 'string'
  ) {
    throw new InputError(
      'This is no Kubernetes object: it needs apiVersion, kind and metadata.name.',
    );
  }
  return object as KubeObject;
}

/** The cluster keeps none, and a few lines of them can make an object of any size. */
function refuseAliases(document: Document): void {
  visit(document, (_key, node) => {
    if (isAlias(node)) {
      throw new InputError(
        `This uses the anchor &${node.source}. Write out what it stands for.`,
      );
    }
  });
}
