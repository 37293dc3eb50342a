import { type KubeObject, namespaceOf } from '../../kube/KubeObject';
import { isMap, itemsOf, ownField } from '../../kube/reading';
import { toReference } from './references';

/** What a rule divides requests between, each under the name of its Service, with its weight beside the others. */
export interface WeighedBackends {
  names: string[];
  weights: number[];
}

/**
 * The backends of a rule of an HTTPRoute or GRPCRoute: `name`, or `namespace/name` where it lies elsewhere. Where the shares cannot be
 * told, why.
 */
export function weighedBackends(
  route: KubeObject,
  rule: unknown,
): WeighedBackends | { untold: string } {
  const own = namespaceOf(route);
  const backends = itemsOf(ownField(rule, 'backendRefs'));
  const references = backends.map(backend =>
    toReference(isMap(backend) ? backend : {}, own, {
      group: '',
      kind: 'Service',
    }),
  );
  if (references.length < 2) {
    return {
      untold: 'it has one place to send to, so there is nothing to divide',
    };
  }
  const odd = references.find(
    ({ group, kind, name }) => group !== '' || kind !== 'Service' || !name,
  );
  if (odd) {
    return {
      untold: `it sends to ${odd.kind} ${odd.name}, and only shares of Services are known`,
    };
  }
  const names = references.map(({ namespace, name }) =>
    namespace === own ? name : `${namespace}/${name}`,
  );
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    return {
      untold: `it names ${twice} twice, so nobody can tell these two shares apart`,
    };
  }
  const weights = backends.map(backend => weightOf(backend));
  return weights.some(weight => weight > 0)
    ? { names, weights }
    : { untold: 'all its backends weigh 0, so nothing gets through' };
}

/** A backend counts 1 where it says nothing. */
export function weightOf(backend: unknown): number {
  const weight: unknown = ownField(backend, 'weight');
  if (weight === undefined || weight === null) {
    return 1;
  }
  return typeof weight === 'number' && weight > 0 && Number.isFinite(weight)
    ? weight
    : 0;
}
