import { NotFoundError } from '@backstage/errors';
import {
  describeRef,
  fieldOperations,
  filedKind,
  type Finding,
  findingsFor,
  type MeshObjects,
} from '@meshdeck/istio-config';
import { type MendIntent, type Placement } from '@meshdeck/plugin-mesh-common';
import { type Change, existing } from './Change';
import {
  isSameObject,
  refuseForeignServices,
  servicesToRead,
} from './foreignServices';

/** Does to an object what a finding on it proposes. */
export function mendChange(intent: MendIntent): Change {
  const kind = filedKind(intent.object);
  return {
    needs: kind === 'VirtualService' ? ['Rollout', 'Canary'] : [kind],
    targets: (set, placement) => [findingOf(set, placement, intent).resource],
    restsOn: set => servicesToRead(set, intent.object),
    plan(set, { placement, entityRef }) {
      const { resource, mend } = findingOf(set, placement, intent);
      refuseForeignServices(set, resource, { placement, entityRef });
      const before = existing(set, resource);
      const operations = fieldOperations(before, mend.edits);
      return {
        edits: [{ action: 'change', before, operations }],
        sentence: mend.does,
      };
    },
  };
}

/** @throws NotFoundError where it is no longer there, or there is nothing to be done about it from here. */
function findingOf(
  set: MeshObjects,
  { namespace, service }: Placement,
  { code, object, path }: MendIntent,
): Finding & Required<Pick<Finding, 'mend'>> {
  const found = findingsFor(set, namespace, service).find(
    finding =>
      finding.code === code &&
      finding.path === path &&
      isSameObject(finding.resource, object),
  );
  if (!found) {
    throw new NotFoundError(
      `${code} is no longer found there: somebody mended it, or the object is another one. Look at the page again.`,
    );
  }
  const { mend } = found;
  if (!mend || found.resource.namespace !== namespace) {
    throw new NotFoundError(
      `${code} of ${describeRef(
        found.resource,
      )} cannot be mended from here. What to do: ${found.fix}`,
    );
  }
  return { ...found, mend };
}
