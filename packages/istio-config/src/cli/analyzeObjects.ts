import { findings } from '../findings/findings';
import { isInstallInput, malformedProblem } from '../findings/malformed';
import { KubeObject, KubeObjectRef } from '../kube/KubeObject';
import { isMap } from '../kube/reading';
import { MeshObjects, SetOptions } from '../MeshObjects';
import { isSystemNamespace } from '../workloads/systemNamespaces';
import { isOfADocument, setsOf } from './documentSets';
import type { PlacedFinding } from './PlacedFinding';
import { isInYaml, pathInText, placeInYaml } from './placeInYaml';
import { asApplied } from './promisedPods';
import type { PlacedObject } from './PlacedObject';
import { isShownByFiles } from './whatFilesShow';

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

type Options = { namespace?: string } & Pick<SetOptions, 'meshConfig' | 'now'>;

/** Runs all rules over objects and says where in the files each finding is. */
export function analyzeObjects(
  placed: readonly PlacedObject[],
  options: Options,
): PlacedFinding[] {
  return setsOf(placed).flatMap(places => analyzeSet(places, options));
}

function analyzeSet(
  placed: readonly PlacedObject[],
  options: Options,
): PlacedFinding[] {
  const places = new Map<string, PlacedObject>();
  const problems: PlacedFinding[] = [];
  const objects = placed.flatMap((place, index) => {
    const problem = malformedProblem(place.object);
    if (
      problem &&
      place.within === undefined &&
      !isInstallInput(place.object)
    ) {
      problems.push(placedFinding(place, { ...problem, code: 'IST0106' }));
    }
    const object = usable(place.object, index, options.namespace);
    if (!object || isSystemNamespace(object.metadata.namespace ?? '')) {
      return [];
    }
    places.set(keyOf({ ...object, ...object.metadata }), place);
    return [object];
  });
  const isComplete = !placed.some(isOfADocument);
  const applied = asApplied(objects);
  const set = MeshObjects.create(applied, {
    meshConfig: options.meshConfig,
    now: options.now,
    complete: isComplete,
  });
  const judged = new Map(
    applied.map(object => [keyOf({ ...object, ...object.metadata }), object]),
  );
  const found = findings(set, { details: true }).flatMap(
    ({ resource, ...finding }) => {
      const place = places.get(keyOf(resource));
      const isElsewhere =
        options.namespace !== undefined &&
        resource.namespace !== undefined &&
        resource.namespace !== options.namespace;
      const object = judged.get(keyOf(resource));
      return place &&
        object &&
        !isElsewhere &&
        isMeant(place, finding) &&
        isShownByFiles(set, object, finding)
        ? [placedFinding(place, finding)]
        : [];
    },
  );
  return [...problems, ...found];
}

/** What rules say is missing elsewhere: of a piece, or in a document that shows only examples, nobody can know. */
const ABOUT_OTHERS = new Set(
  'IST0102 IST0103 IST0112 IST0127 IST0132 IST0139 IST0148 IST0162 IST0173 IST0174 MD0102 MD0112'.split(
    ' ',
  ),
);
/** What a piece lacks because it is a piece. */
const ABOUT_THE_WHOLE = new Set(['MD0114', 'MD0115', 'MD0117', 'MD0123']);

function isMeant(
  place: PlacedObject,
  { code, path = '' }: { code: string; path?: string },
): boolean {
  if (place.within === undefined && !isOfADocument(place)) {
    return true;
  }
  if (
    place.within !== undefined &&
    (ABOUT_THE_WHOLE.has(code) || !isInYaml(place, path))
  ) {
    return false;
  }
  // A destination without any host is wrong wherever it stands.
  return code === 'IST0101'
    ? /\.(destination|mirror)$/.test(path)
    : !ABOUT_OTHERS.has(code);
}

/** The object, with a name where it has none: documents show many a snippet without one. */
function usable(
  object: unknown,
  index: number,
  namespace: string | undefined,
): KubeObject | undefined {
  if (!isMap(object)) {
    return undefined;
  }
  const metadata = isMap(object.metadata) ? object.metadata : {};
  const own: unknown = metadata.namespace ?? undefined;
  const isOfCluster = OF_THE_CLUSTER.has(String(object.kind));
  const completed = {
    ...object,
    metadata: {
      ...metadata,
      name: isNamed(object) ? metadata.name : `nameless-${index}`,
      ...(own === undefined && namespace !== undefined && !isOfCluster
        ? { namespace }
        : {}),
    },
  };
  return malformedProblem(completed)
    ? undefined
    : (completed as unknown as KubeObject);
}

function isNamed(object: unknown): boolean {
  return (
    isMap(object) &&
    isMap(object.metadata) &&
    typeof object.metadata.name === 'string'
  );
}

function placedFinding(
  place: PlacedObject,
  finding: {
    code: string;
    level?: PlacedFinding['level'];
    path?: string;
    message: string;
    fix: string;
  },
): PlacedFinding {
  return {
    code: finding.code,
    level: finding.level ?? 'error',
    resource: nameAsWritten(place.object),
    path: pathInText(place, finding.path),
    message: finding.message,
    fix: finding.fix,
    file: place.file,
    line: placeInYaml(place, finding.path),
  };
}

function keyOf(ref: KubeObjectRef): string {
  return `${ref.apiVersion} ${ref.kind} ${ref.namespace ?? ''} ${ref.name}`;
}

/** `Kind namespace/name`, without what the text does not say. */
function nameAsWritten(object: unknown): string {
  const { kind, metadata } = isMap(object)
    ? object
    : { kind: 'Unknown', metadata: {} };
  if (!isNamed(object)) {
    return String(kind);
  }
  return metadata.namespace
    ? `${kind} ${metadata.namespace}/${metadata.name}`
    : `${kind} ${metadata.name}`;
}
