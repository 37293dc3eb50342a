import { parseAllDocuments } from 'yaml';
import { flattenLists } from './kube/flattenLists';
import { MeshObjects } from './MeshObjects';

/**
 * A set from the text of one or more YAML documents, with the objects of lists one by one; what cannot be read as an object
 * is kept aside as malformed.
 * @public
 */
export function setFromYaml(text: string): MeshObjects {
  return MeshObjects.create(
    parseAllDocuments(text).flatMap(document =>
      flattenLists(document.toJS() as unknown),
    ),
  );
}
