import { isMap, type KubeObject, ownField } from '@meshdeck/istio-config';

/** What kubectl keeps of the whole object. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * A workload without what its containers are told: that may hold secrets, which are nobody's to remember. No change from here touches
 * it. Every other object stays as it is.
 */
export function withoutContainers(object: KubeObject): KubeObject {
  const template: unknown = ownField(object.spec, 'template');
  if (!isMap(ownField(template, 'spec'))) {
    return object;
  }
  const { [LAST_APPLIED]: _manifest, ...annotations } =
    object.metadata.annotations ?? {};
  return {
    ...object,
    metadata: { ...object.metadata, annotations },
    spec: {
      ...object.spec,
      template: { ...object.spec.template, spec: {} },
    },
  };
}
