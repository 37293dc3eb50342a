import { NotAllowedError } from '@backstage/errors';
import {
  describeRef,
  type KubeObjectRef,
  type MeshObjects,
  objectsByHost,
  serviceHost,
} from '@meshdeck/istio-config';
import { bindingProblem } from './binding';
import type { Asked } from './Change';

/** @throws NotAllowedError where the object also decides over services that do not name the entity. */
export function refuseForeignServices(
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

export function isSameObject(
  a: Omit<KubeObjectRef, 'apiVersion'>,
  b: Omit<KubeObjectRef, 'apiVersion'>,
): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** Every Service of which the object says something, as a host or as a destination. */
export function servicesNamedBy(
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
      ).some(({ kind, metadata }) =>
        isSameObject({ kind, ...metadata }, object),
      ),
    );
}
