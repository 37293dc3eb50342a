/** Narrows an entity to Services, where Kubernetes labels are too coarse: `namespace/name` pairs, comma separated. @public */
export const ANNOTATION_MESHDECK_SERVICES = 'meshdeck.io/services';

/** On a Service: the entity that may change it, as an entity reference. One half of the two-sided binding. @public */
export const ANNOTATION_MESHDECK_ENTITY = 'meshdeck.io/entity';

/** On a Namespace: owners (entity references, comma separated) who may onboard services into it. @public */
export const ANNOTATION_MESHDECK_ONBOARDING = 'meshdeck.io/onboarding';

/** Backstage's own, of which `@backstage/plugin-kubernetes-common` has no constants. @public */
export const ANNOTATION_KUBERNETES_NAMESPACE =
  'backstage.io/kubernetes-namespace';
/** @public */
export const ANNOTATION_KUBERNETES_CLUSTER = 'backstage.io/kubernetes-cluster';

/** On a Service that Meshdeck onboarded: `true` lets its entity be read from the cluster. @public */
export const LABEL_MESHDECK_ONBOARDED = 'meshdeck.io/onboarded';
/** On an onboarded Service: the owner of its entity. @public */
export const ANNOTATION_MESHDECK_OWNER = 'meshdeck.io/owner';
/** On an onboarded Service: the system of its entity. @public */
export const ANNOTATION_MESHDECK_SYSTEM = 'meshdeck.io/system';
