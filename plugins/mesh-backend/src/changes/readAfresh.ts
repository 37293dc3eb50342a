import { ConflictError, ServiceUnavailableError } from '@backstage/errors';
import {
  describeRef,
  filedKind,
  type KubeObjectRef,
  type MeshObjects,
  refOf,
  type SetChange,
} from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import { WATCHED_RESOURCES } from '../cluster/watchedResources';
import { isSameVersion } from './sameVersion';

/** What is read can name more that has to be read; a delegate is as deep as that goes. */
const MOST_ROUNDS = 4;

/** What is in the cluster now, as far as it decides over a change. */
export interface FreshObjects {
  set: MeshObjects;
  /** The same, as the store keeps objects: what it knew already is the very same set, of which much is worked out already. */
  known: MeshObjects;
}

/**
 * The set with all that decides over a change as the API server has it now: the store may be minutes behind without knowing.
 * That is the Service, its Namespace, all of the kinds that are listed, and what `decisive` names, with the Namespaces of these.
 *
 * @throws SourceError where one of them does not come within the deadline, ServiceUnavailableError where a kind is not served any more, NotAllowedError where the portal may not read it.
 */
export async function readAfresh(
  client: KubernetesClient,
  stored: MeshObjects,
  { namespace, service }: Placement,
  {
    decisive,
    lists,
    whole,
  }: {
    decisive: (set: MeshObjects) => readonly KubeObjectRef[];
    /** Those of which also what the store leaves out is needed: they are going to be changed. */
    whole: readonly KubeObjectRef[];
    /** Kinds of which a new object in the namespace can change everything. */
    lists: readonly string[];
  },
): Promise<FreshObjects> {
  const own = { apiVersion: 'v1', kind: 'Service', namespace, name: service };
  const resources = WATCHED_RESOURCES.filter(({ kind }) =>
    lists.includes(kind),
  );
  const listed = resources.map(async resource => {
    const known = stored.inNamespace(resource.filedAs, namespace);
    const objects = await client.listServed(resource, namespace);
    // An API server that has just started knows none of what others defined.
    if (!objects && known.length > 0) {
      throw new ServiceUnavailableError(
        `The cluster does not know ${resource.kind} at the moment, of which there were some. Nothing was written; try again.`,
      );
    }
    const there = new Set(objects?.map(({ metadata }) => metadata.name));
    return [
      ...known
        .filter(({ metadata }) => !there.has(metadata.name))
        .map(object => removal(refOf(object))),
      ...(objects ?? []).map((object): SetChange => ({ type: 'put', object })),
    ];
  });
  const isListed = (ref: KubeObjectRef) =>
    ref.namespace === namespace &&
    resources.some(({ filedAs }) => filedAs === filedKind(ref));
  const read = new Set<string>();
  let pending: Promise<SetChange[]>[] = listed;
  const changed: SetChange[] = [];
  let known = stored;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const wanted = [own, ...decisive(known)]
      .flatMap(ref => [ref, ...namespaceOf(ref)])
      .filter(ref => !isListed(ref) && !read.has(describeRef(ref)));
    if (wanted.length === 0 && pending.length === 0) {
      const set = changed.length > 0 ? known.with(changed) : known;
      return { known, set };
    }
    for (const ref of wanted) {
      if (!read.has(describeRef(ref))) {
        read.add(describeRef(ref));
        pending.push(current(client, ref));
      }
    }
    const found = (await Promise.all(pending)).flat();
    changed.push(...found.filter(change => isAbout(change, whole)));
    known = withNews(known, found);
    pending = [];
  }
  throw new ConflictError(
    `What decides over ${namespace}/${service} changes faster than it can be read. Nothing was written; try again.`,
  );
}

/** What is as it was needs no new set, in which much would have to be worked out again. */
function withNews(set: MeshObjects, found: readonly SetChange[]): MeshObjects {
  const news = found.filter(change => isNews(set, change));
  return news.length > 0 ? set.with(news) : set;
}

function isNews(set: MeshObjects, change: SetChange): boolean {
  const { kind, namespace, name } = filed(change);
  const known = set.get(kind, namespace, name);
  if (change.type === 'remove' || !known) {
    return change.type === 'put' || known !== undefined;
  }
  return !isSameVersion(known, change.object);
}

function isAbout(change: SetChange, refs: readonly KubeObjectRef[]): boolean {
  const { kind, namespace, name } = filed(change);
  return refs.some(
    ref =>
      filedKind(ref) === kind &&
      ref.namespace === namespace &&
      ref.name === name,
  );
}

function filed(change: SetChange) {
  const ref = change.type === 'put' ? refOf(change.object) : change;
  const { kind, apiVersion = '', namespace, name } = ref;
  return { kind: filedKind({ apiVersion, kind }), namespace, name };
}

async function current(
  client: KubernetesClient,
  ref: KubeObjectRef,
): Promise<SetChange[]> {
  const object = await client.find(ref);
  return [object ? { type: 'put', object } : removal(ref)];
}

function removal(ref: KubeObjectRef): SetChange {
  return { type: 'remove', ...ref };
}

function namespaceOf({ namespace }: KubeObjectRef): KubeObjectRef[] {
  return namespace
    ? [{ apiVersion: 'v1', kind: 'Namespace', name: namespace }]
    : [];
}
