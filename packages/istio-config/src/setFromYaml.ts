import { parseAllDocuments } from 'yaml';
import { flattenLists } from './kube/flattenLists';
import { MeshConfigSet } from './MeshConfigSet';

/**
 * A set from the text of one or more YAML documents, with the objects of lists one by one; what cannot be read as an object
 * is kept aside as malformed.
 * @public
 */
export function setFromYaml(text: string): MeshConfigSet {
  return MeshConfigSet.create(
    parseAllDocuments(text).flatMap(document =>
      flattenLists(document.toJS() as unknown),
    ),
  );
}
