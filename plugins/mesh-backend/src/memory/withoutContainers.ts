import {
  fieldsOf,
  isMap,
  itemsOf,
  type KubeObject,
  ownField,
} from '@meshdeck/istio-config';

/** What kubectl keeps of the whole object. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Of a container, what onboarding says of it, so that it can be given back. */
const KEPT = ['name', 'image', 'ports'];

/**
 * A workload without what its containers are told (arguments, variables, volumes): that may hold secrets, which are nobody's to remember. No
 * change from here touches it. Every other object stays as it is.
 */
export function withoutContainers(object: KubeObject): KubeObject {
  const template: unknown = ownField(object.spec, 'template');
  const pod: unknown = ownField(template, 'spec');
  if (!isMap(pod)) {
    return object;
  }
  const { [LAST_APPLIED]: _manifest, ...annotations } =
    object.metadata.annotations ?? {};
  return {
    ...object,
    metadata: { ...object.metadata, annotations },
    spec: {
      ...object.spec,
      template: { ...object.spec.template, spec: keptOf(pod) },
    },
  };
}

function keptOf(pod: unknown): object {
  const containers = itemsOf(ownField(pod, 'containers')).map(container =>
    Object.fromEntries(
      fieldsOf(container).filter(([field]) => KEPT.includes(field)),
    ),
  );
  const account: unknown = ownField(pod, 'serviceAccountName');
  return {
    ...(account !== undefined && { serviceAccountName: account }),
    ...(containers.length > 0 && { containers }),
  };
}
