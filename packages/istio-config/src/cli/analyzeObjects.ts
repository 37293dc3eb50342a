import { findings } from '../findings/findings';
import { KubeObject, KubeObjectRef } from '../kube/KubeObject';
import { isMap } from '../kube/reading';
import { MeshConfigSet, SetOptions } from '../MeshConfigSet';
import type { PlacedFinding } from './PlacedFinding';
import { placeInYaml } from './placeInYaml';
import { promisedPods } from './promisedPods';
import type { PlacedObject } from './readYaml';

const OF_THE_CLUSTER = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingWebhookConfiguration',
]);
/** Objects there are Kubernetes' own. Source: istio pkg/kube/inject, IgnoredNamespaces. */
const IGNORED = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

/** Runs all rules over objects and says where in the files each finding is. */
export function analyzeObjects(
  placed: readonly PlacedObject[],
  options: { namespace?: string } & Pick<SetOptions, 'meshConfig' | 'now'>,
): PlacedFinding[] {
  const places = new Map<string, PlacedObject>();
  const nameless = placed.filter(({ object }) => !isNamed(object));
  const objects = placed.flatMap((place, index) => {
    const object = inNamespace(
      named(place.object as KubeObject, index),
      options.namespace,
    );
    if (IGNORED.has(object.metadata.namespace ?? '')) {
      return [];
    }
    places.set(
      keyOf({
        ...object,
        name: object.metadata.name,
        namespace: object.metadata.namespace,
      }),
      place,
    );
    return [object];
  });
  const isManifests = objects.every(({ kind }) => kind !== 'Pod');
  const pods = isManifests ? promisedPods(objects) : [];
  const set = MeshConfigSet.create([...objects, ...pods], {
    meshConfig: options.meshConfig,
    now: options.now,
    complete: true,
  });
  const found = findings(set, { details: true })
    .filter(
      ({ resource, path }) =>
        places.has(keyOf(resource)) &&
        // A repository of services seldom holds the gateway's own pods.
        !(
          pods.length > 0 &&
          resource.kind === 'Gateway' &&
          path === 'spec.selector'
        ),
    )
    .filter(
      ({ resource }) =>
        options.namespace === undefined ||
        resource.namespace === undefined ||
        resource.namespace === options.namespace,
    )
    .map(({ resource, path, ...finding }) => {
      const place = places.get(keyOf(resource));
      return {
        code: finding.code,
        level: finding.level,
        resource: nameAsWritten(resource, place),
        path: path ?? '',
        message: finding.message,
        fix: finding.fix,
        file: place?.file ?? '',
        line: place ? placeInYaml(place, path) : 1,
      };
    });
  return [...nameless.map(withoutName), ...found];
}

function isNamed(object: unknown): boolean {
  return (
    isMap(object) &&
    isMap(object.metadata) &&
    typeof object.metadata.name === 'string'
  );
}

/** A nameless object is judged all the same: documents show many a snippet without a name. */
function named(object: KubeObject, index: number): KubeObject {
  return isNamed(object)
    ? object
    : {
        ...object,
        metadata: {
          ...(isMap(object.metadata) ? object.metadata : {}),
          name: `nameless-${index}`,
        },
      };
}

function withoutName(place: PlacedObject): PlacedFinding {
  return {
    code: 'IST0106',
    level: 'error',
    resource: (place.object as KubeObject).kind,
    path: 'metadata.name',
    message: 'It has no metadata.name: the API server refuses it.',
    fix: 'Give it a name.',
    file: place.file,
    line: placeInYaml(place, 'metadata.name'),
  };
}

function keyOf(ref: KubeObjectRef): string {
  return `${ref.apiVersion} ${ref.kind} ${ref.namespace ?? ''} ${ref.name}`;
}

function inNamespace(
  object: KubeObject,
  namespace: string | undefined,
): KubeObject {
  return namespace === undefined ||
    object.metadata.namespace ||
    OF_THE_CLUSTER.has(object.kind)
    ? object
    : { ...object, metadata: { ...object.metadata, namespace } };
}

function nameAsWritten(
  ref: KubeObjectRef,
  place: PlacedObject | undefined,
): string {
  const metadata = isMap(place?.object) ? place.object.metadata : undefined;
  const namespace = metadata ? metadata.namespace : ref.namespace;
  if (!isNamed(place?.object)) {
    return ref.kind;
  }
  return namespace
    ? `${ref.kind} ${namespace}/${ref.name}`
    : `${ref.kind} ${ref.name}`;
}
