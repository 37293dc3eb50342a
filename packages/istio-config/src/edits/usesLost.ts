import { routeDestinations } from '../findings/routeDestinations';
import { subsetsOfHost } from '../findings/virtualService/subsetsOfHost';
import { hostCovers, resolveHost } from '../hosts/hosts';
import {
  describeRef,
  type KubeObject,
  type KubeObjectRef,
  namespaceOf,
  refOf,
} from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';

/** A rule that names what would be gone. @public */
export interface LostUse {
  by: KubeObjectRef;
  /** What it names, as people read it. */
  what: string;
}

/** What VirtualServices name that some objects define before and would not define after. @public */
export function usesLost(
  { before, after }: { before: MeshObjects; after: MeshObjects },
  objects: readonly KubeObjectRef[],
): LostUse[] {
  const delegates = objects.filter(
    ({ kind, namespace, name }) =>
      kind === 'VirtualService' &&
      before.get(kind, namespace, name) &&
      !after.get(kind, namespace, name),
  );
  const patterns = objects.flatMap(({ kind, namespace, name }) =>
    kind === 'DestinationRule'
      ? hostOf(before, before.get(kind, namespace, name))
      : [],
  );
  return after.all('VirtualService').flatMap(rule => [
    ...subsetsLost({ before, after }, rule, patterns).map(what => ({
      by: refOf(rule),
      what,
    })),
    ...delegates
      .filter(delegate => delegatesTo(rule, delegate))
      .map(delegate => ({ by: refOf(rule), what: describeRef(delegate) })),
  ]);
}

function hostOf(set: MeshObjects, rule: KubeObject | undefined): string[] {
  const host: unknown = rule?.spec?.host;
  return rule && typeof host === 'string'
    ? [resolveHost(host, namespaceOf(rule), set.meshConfig.domain)]
    : [];
}

function subsetsLost(
  { before, after }: { before: MeshObjects; after: MeshObjects },
  rule: KubeObject,
  patterns: readonly string[],
): string[] {
  const lost = new Set<string>();
  for (const { destination } of patterns.length > 0
    ? routeDestinations(rule)
    : []) {
    const { host, subset } = destination ?? {};
    if (typeof host !== 'string' || typeof subset !== 'string' || !subset) {
      continue;
    }
    const { domain } = after.meshConfig;
    const full = resolveHost(host, namespaceOf(rule), domain);
    const isDefined = (set: MeshObjects) =>
      subsetsOfHost(set, rule, host)?.some(({ name }) => name === subset);
    if (
      patterns.some(pattern => hostCovers(pattern, full)) &&
      isDefined(before) &&
      !isDefined(after)
    ) {
      lost.add(`the subset ${subset} of ${host}`);
    }
  }
  return [...lost];
}

function delegatesTo(rule: KubeObject, delegate: KubeObjectRef): boolean {
  return itemsOf(rule.spec?.http).some(
    http =>
      http?.delegate?.name === delegate.name &&
      (http.delegate.namespace ?? namespaceOf(rule)) === delegate.namespace,
  );
}
