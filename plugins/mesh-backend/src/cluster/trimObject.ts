import { itemsOf, KubeObject, ownField } from '@meshdeck/istio-config';
import {
  ANNOTATION_MESHDECK_ENTITY,
  ANNOTATION_MESHDECK_OWNER,
  LABEL_MESHDECK_ONBOARDED,
} from '@meshdeck/plugin-mesh-common';
import { trimResources } from './trimResources';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Meshdeck's marks on a Service that it onboarded. */
const MARKS = [
  ['f:labels', `f:${LABEL_MESHDECK_ONBOARDED}`],
  ['f:annotations', `f:${ANNOTATION_MESHDECK_ENTITY}`],
  ['f:annotations', `f:${ANNOTATION_MESHDECK_OWNER}`],
];

/** The fields whose owners the history of a canary names, as managedFields writes them. */
const TOLD: Record<string, readonly string[][]> = {
  VirtualService: [['f:spec', 'f:http']],
  HTTPRoute: [['f:spec', 'f:rules']],
  GRPCRoute: [['f:spec', 'f:rules']],
  Canary: [['f:status'], ['f:spec', 'f:suspend']],
  Rollout: [['f:status'], ['f:spec', 'f:paused']],
  // Whether Meshdeck's marks are its own is seen field by field.
  Service: MARKS.map(mark => ['f:metadata', ...mark]),
};

/** What the store keeps of an object: of owners of fields who and when, and of pods, ReplicaSets and runs only what is read. */
export function trimObject(object: KubeObject): KubeObject {
  const { managedFields, annotations, ...metadata } = object.metadata;
  const { [LAST_APPLIED]: _applied, ...ownAnnotations } = annotations ?? {};
  const kept = {
    ...metadata,
    ...(Object.keys(ownAnnotations).length
      ? { annotations: ownAnnotations }
      : {}),
    ...ownersOf(object.kind, managedFields),
  };
  if (object.kind === 'AnalysisRun') {
    return { ...trimRun(object), metadata: kept };
  }
  if (object.kind === 'ReplicaSet') {
    return {
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: kept,
      spec: { replicas: object.spec?.replicas },
      status: { readyReplicas: object.status?.readyReplicas },
    };
  }
  if (object.kind !== 'Pod') {
    return { ...object, metadata: kept };
  }
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: kept,
    spec: {
      serviceAccountName: object.spec?.serviceAccountName,
      hostNetwork: object.spec?.hostNetwork,
      containers: itemsOf(object.spec?.containers).map(trimContainer),
      initContainers: itemsOf(object.spec?.initContainers).map(container => ({
        ...trimContainer(container),
        // One that is always restarted runs as long as the pod, as native sidecars do.
        restartPolicy: ownField(container, 'restartPolicy'),
      })),
    },
    status: {
      phase: object.status?.phase,
      conditions: object.status?.conditions,
    },
  };
}

/** Who owns what the history tells of; the lists of fields themselves are long. */
function ownersOf(
  kind: string,
  managedFields: KubeObject['metadata']['managedFields'],
): Pick<KubeObject['metadata'], 'managedFields'> {
  const paths = Object.hasOwn(TOLD, kind) ? TOLD[kind] : [];
  const owners = itemsOf(managedFields).filter(entry =>
    paths.some(
      path =>
        path.reduce(
          (fields: unknown, name) => ownField(fields, name),
          ownField(entry, 'fieldsV1'),
        ) !== undefined,
    ),
  );
  return owners.length
    ? {
        managedFields: owners.map(({ manager, operation, time, fieldsV1 }) => ({
          manager,
          operation,
          time,
          ...(kind === 'Service' ? { fieldsV1: marksIn(fieldsV1) } : {}),
        })),
      }
    : {};
}

/** Of the fields that somebody owns, only Meshdeck's marks. */
function marksIn(fields: unknown): Record<string, object> {
  const metadata = ownField(fields, 'f:metadata');
  const parts = ['f:labels', 'f:annotations'].map(part => [
    part,
    Object.fromEntries(
      MARKS.filter(
        ([within, mark]) =>
          within === part &&
          ownField(ownField(metadata, part), mark) !== undefined,
      ).map(([, mark]) => [mark, {}]),
    ),
  ]);
  return { 'f:metadata': Object.fromEntries(parts) };
}

/** Without its arguments, and of each metric the last measurement only: a run keeps hundreds. */
function trimRun({ apiVersion, kind, metadata, spec, status }: KubeObject) {
  return {
    apiVersion,
    kind,
    metadata,
    spec: {
      metrics: itemsOf(ownField(spec, 'metrics')).map(metric => ({
        name: ownField(metric, 'name'),
        interval: ownField(metric, 'interval'),
        successCondition: ownField(metric, 'successCondition'),
        failureCondition: ownField(metric, 'failureCondition'),
      })),
    },
    status: {
      phase: ownField(status, 'phase'),
      message: ownField(status, 'message'),
      metricResults: itemsOf(ownField(status, 'metricResults')).map(result => ({
        name: ownField(result, 'name'),
        phase: ownField(result, 'phase'),
        message: ownField(result, 'message'),
        measurements: itemsOf(ownField(result, 'measurements')).slice(-1),
      })),
    },
  };
}

function trimContainer(container: unknown) {
  return {
    name: ownField(container, 'name'),
    image: ownField(container, 'image'),
    ports: ownField(container, 'ports'),
    resources: trimResources(ownField(container, 'resources')),
  };
}
