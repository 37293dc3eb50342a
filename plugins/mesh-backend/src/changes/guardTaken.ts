import { NotAllowedError } from '@backstage/errors';
import {
  afterOf,
  beforeOf,
  describeRef,
  isSameJson,
  type KubeObject,
  type KubeObjectRef,
  type MeshObjects,
  type ObjectEdit,
  refOf,
  requestsTaken,
  routesBeside,
} from '@meshdeck/istio-config';
import type { Asked } from './Change';
import { foreignProblem, servicesToRead } from './foreignServices';

const KINDS = ['HTTPRoute', 'GRPCRoute'];

/**
 * What stands against a change of which requests a route takes at a Gateway: those that it takes, or leaves, another route beside it
 * would have got, or gets. Weights and timeouts take nothing from anybody.
 *
 * @throws NotAllowedError where a route beside it is for services that do not name the entity.
 */
export function guardTaken(
  set: MeshObjects,
  edit: ObjectEdit,
  asked: Asked,
): void {
  const objects = [beforeOf(edit), afterOf(edit)].flatMap(object =>
    object && KINDS.includes(object.kind) ? [object] : [],
  );
  const [before, after] = objects.map(requestsTaken);
  if (after !== undefined && isSameJson(before, after)) {
    return;
  }
  for (const object of objects) {
    refuseForeignNeighbours(set, object, asked);
  }
}

/** What else decides whether a route may take other requests: the routes beside it, and whose services these are for. */
export function neighboursToRead(
  set: MeshObjects,
  { kind, namespace, name }: Omit<KubeObjectRef, 'apiVersion'>,
): KubeObjectRef[] {
  const route = KINDS.includes(kind)
    ? set.get(kind, namespace, name)
    : undefined;
  return (route ? routesBeside(set, route) : []).flatMap(other => [
    refOf(other),
    ...servicesToRead(set, refOf(other)),
  ]);
}

/** Of which a new one may have come to stand beside an object of a kind; whose it is, its Service says. */
export function kindsBeside(kind: string): readonly string[] {
  return KINDS.includes(kind) ? [...KINDS, 'Service'] : [];
}

function refuseForeignNeighbours(
  set: MeshObjects,
  object: KubeObject,
  asked: Asked,
): void {
  for (const other of routesBeside(set, object)) {
    const problem = foreignProblem(set, refOf(other), asked);
    if (problem) {
      throw new NotAllowedError(
        `Which requests ${describeRef(
          refOf(object),
        )} takes, decides what is left for others at that Gateway: ${problem}`,
      );
    }
  }
}
