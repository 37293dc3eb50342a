import { NotAllowedError } from '@backstage/errors';
import {
  describeRef,
  type KubeObjectRef,
  type MeshObjects,
  servicesNamed,
} from '@meshdeck/istio-config';
import { bindingProblem } from './binding';
import type { Asked } from './Change';

/** @throws NotAllowedError where the object also decides over services that do not name the entity. */
export function refuseForeignServices(
  set: MeshObjects,
  object: KubeObjectRef,
  asked: Asked,
): void {
  const problem = foreignProblem(set, object, asked);
  if (problem) {
    throw new NotAllowedError(problem);
  }
}

/** Why an object is not changed from here: it also decides over services that do not name the entity. Undefined where it does not. */
export function foreignProblem(
  set: MeshObjects,
  object: KubeObjectRef,
  { placement, entityRef }: Asked,
): string | undefined {
  const others = servicesNamedBy(set, object).filter(service =>
    bindingProblem(set, { ...placement, ...service }, entityRef),
  );
  if (others.length === 0) {
    return undefined;
  }
  const isOne = others.length === 1;
  return `${describeRef(object)} decides over ${others
    .map(({ namespace, service }) => `${namespace}/${service}`)
    .join(', ')}, too, which ${
    isOne ? 'does' : 'do'
  } not name ${entityRef}. Change it together with who owns ${
    isOne ? 'that service' : 'those services'
  }.`;
}

export function isSameObject(
  a: Omit<KubeObjectRef, 'apiVersion'>,
  b: Omit<KubeObjectRef, 'apiVersion'>,
): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** The Services of which an object says something, to be read. */
export function servicesToRead(
  set: MeshObjects,
  object: KubeObjectRef,
): KubeObjectRef[] {
  return servicesNamedBy(set, object).map(({ namespace, service: name }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    namespace,
    name,
  }));
}

/** Every Service of which the object says something, as a host or as a destination. */
export function servicesNamedBy(
  set: MeshObjects,
  object: KubeObjectRef,
): { namespace: string; service: string }[] {
  return servicesNamed(set, object).map(
    ({ metadata: { namespace = 'default', name } }) => ({
      namespace,
      service: name,
    }),
  );
}
