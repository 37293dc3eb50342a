import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  describeRef,
  filedKind,
  type Finding,
  findingsFor,
  type KubeObjectRef,
  mendOperations,
  type MeshObjects,
  objectsByHost,
  serviceHost,
} from '@meshdeck/istio-config';
import {
  meshSecurityChangePermission,
  meshServiceChangePermission,
  type MendIntent,
  type Placement,
} from '@meshdeck/plugin-mesh-common';
import { bindingProblem } from './binding';
import type { Change } from './Change';
import type { Asked } from './guard';

/** Findings whose mend says how connections are encrypted. */
const ABOUT_MTLS = ['MD0106'];

export function permissionToMend({ code }: MendIntent): ResourcePermission {
  return ABOUT_MTLS.includes(code)
    ? meshSecurityChangePermission
    : meshServiceChangePermission;
}

/** Does to an object what a finding on it proposes. */
export function mendChange(intent: MendIntent): Change {
  const kind = filedKind(intent.object);
  return {
    needs: kind === 'VirtualService' ? ['Rollout', 'Canary'] : [kind],
    target: (set, placement) => findingOf(set, placement, intent).resource,
    restsOn: set =>
      servicesNamedBy(set, intent.object).map(({ namespace, service }) => ({
        apiVersion: 'v1',
        kind: 'Service',
        namespace,
        name: service,
      })),
    plan(set, before, { placement, entityRef }) {
      const { resource, mend } = findingOf(set, placement, intent);
      refuseForeignServices(set, resource, { placement, entityRef });
      return {
        operations: mendOperations(before, mend),
        sentence: mend.does,
      };
    },
  };
}

/** @throws NotAllowedError where the object also decides over services that do not name the entity. */
function refuseForeignServices(
  set: MeshObjects,
  object: KubeObjectRef,
  { placement, entityRef }: Asked,
): void {
  const others = servicesNamedBy(set, object).filter(service =>
    bindingProblem(set, { ...placement, ...service }, entityRef),
  );
  if (others.length === 0) {
    return;
  }
  const isOne = others.length === 1;
  throw new NotAllowedError(
    `${describeRef(object)} decides over ${others
      .map(({ namespace, service }) => `${namespace}/${service}`)
      .join(', ')}, too, which ${
      isOne ? 'does' : 'do'
    } not name ${entityRef}. Change it together with who owns ${
      isOne ? 'that service' : 'those services'
    }.`,
  );
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
      isSame(finding.resource, object),
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

function isSame(
  a: Omit<KubeObjectRef, 'apiVersion'>,
  b: Omit<KubeObjectRef, 'apiVersion'>,
): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** Every Service of which the object says something, as a host or as a destination. */
function servicesNamedBy(
  set: MeshObjects,
  object: KubeObjectRef,
): { namespace: string; service: string }[] {
  return set
    .all('Service')
    .map(({ metadata: { namespace = 'default', name } }) => ({
      namespace,
      service: name,
    }))
    .filter(({ namespace, service }) =>
      objectsByHost(
        set,
        serviceHost(namespace, service, set.meshConfig.domain),
      ).some(({ kind, metadata }) => isSame({ kind, ...metadata }, object)),
    );
}
