import {
  itemsOf,
  type KubeObject,
  type KubeObjectRef,
  type MeshObjects,
  ownField,
  selects,
} from '@meshdeck/istio-config';
import {
  apexOf,
  doesFlaggerMoveWeights,
  type FoundRollout,
  isArgo,
  isFlagger,
  strategyOf,
  virtualServicesOf,
} from './findRollout';
import { textOf } from './reading';

const ARGO_PLUGIN = 'argoproj-labs/gatewayAPI';

/** Flagger's Canary or Argo's Rollout that writes the weights of an object; undefined where none does. */
export function rolloutWriting(
  set: MeshObjects,
  ref: KubeObjectRef,
): Pick<FoundRollout, 'provider' | 'object'> | undefined {
  const object = set.get(ref.kind, ref.namespace, ref.name);
  if (!object) {
    return undefined;
  }
  const canary = set
    .inNamespace('Canary', object.metadata.namespace ?? '')
    .find(
      one =>
        isFlagger(one) &&
        doesFlaggerMoveWeights(one) &&
        (apexOf(one) === object.metadata.name || isOwner(one, object)),
    );
  if (canary) {
    return { provider: 'flagger', object: canary };
  }
  const rollout = set
    .all('Rollout')
    .find(one => isArgo(one) && doesArgoWrite(one, object));
  return rollout && { provider: 'argo', object: rollout };
}

function isOwner({ metadata }: KubeObject, object: KubeObject): boolean {
  return itemsOf(object.metadata.ownerReferences).some(
    owner => owner?.uid !== undefined && owner.uid === metadata.uid,
  );
}

function doesArgoWrite(rollout: KubeObject, object: KubeObject): boolean {
  const own = rollout.metadata.namespace;
  const { name, namespace } = object.metadata;
  return object.kind === 'VirtualService'
    ? namespace === own && virtualServicesOf(rollout).includes(name)
    : doesPluginWrite(rollout, object);
}

/**
 * The routes that Argo's plugin for the Gateway API is told: by name, in a list, or by labels.
 * Source: argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi, pkg/plugin/types.go.
 */
function doesPluginWrite(
  rollout: KubeObject,
  { kind, metadata }: KubeObject,
): boolean {
  const plugins = ownField(strategyOf(rollout).trafficRouting, 'plugins');
  const told: unknown = ownField(plugins, ARGO_PLUGIN);
  const place = textOf(ownField(told, 'namespace'));
  if ((place ?? rollout.metadata.namespace) !== metadata.namespace) {
    return false;
  }
  const field = kind === 'HTTPRoute' ? 'httpRoute' : 'grpcRoute';
  const names = [
    ownField(told, field),
    ...itemsOf(ownField(told, `${field}s`)).map(one => ownField(one, 'name')),
  ];
  const selector: unknown = ownField(told, `${field}Selector`);
  return (
    names.includes(metadata.name) ||
    (selector !== undefined &&
      selects(ownField(selector, 'matchLabels'), metadata.labels))
  );
}
