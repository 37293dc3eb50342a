import {
  fieldsOf,
  itemsOf,
  type KubeObject,
  ownField,
} from '@meshdeck/istio-config';
import { FIELD_MANAGER } from '../cluster/KubernetesClient';
import { isControllersNote } from './sayingsOf';

/**
 * What others set in an object's labels, annotations and spec, as the server keeps it. What a webhook did while it was written counts as
 * the writer's, what controllers note on their own as nobody's.
 */
export function setByOthers({ metadata }: KubeObject) {
  return itemsOf(metadata.managedFields)
    .filter(
      ({ manager, subresource }) =>
        manager !== FIELD_MANAGER && subresource !== 'status',
    )
    .map(({ manager, fieldsV1 }) => ({ manager, fields: fieldsIn(fieldsV1) }))
    .filter(({ fields }) => fields.length > 0);
}

function fieldsIn(fieldsV1: unknown): [string, unknown][] {
  const notes = ownField(fieldsV1, 'f:metadata');
  return [
    ...fieldsOf(ownField(fieldsV1, 'f:spec')),
    ...['f:labels', 'f:annotations'].flatMap(part =>
      fieldsOf(ownField(notes, part)),
    ),
  ].filter(
    ([field]) => field !== '.' && !isControllersNote(field.replace(/^f:/, '')),
  );
}
