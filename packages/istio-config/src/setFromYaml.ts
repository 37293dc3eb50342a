import { parseAllDocuments } from 'yaml';
import { MeshConfigSet } from './MeshConfigSet';

/** A set from the text of one or more YAML documents; documents that cannot be read are kept aside as malformed. @public */
export function setFromYaml(text: string): MeshConfigSet {
  return MeshConfigSet.create(
    parseAllDocuments(text).map(document => document.toJS() as unknown),
  );
}
