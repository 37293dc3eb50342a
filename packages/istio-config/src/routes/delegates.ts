import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { Place } from '../kube/place';
import { isMap, itemsOf, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { delegateMatches } from './delegateMatches';

/** One HTTP rule with the object that wrote it. */
export interface HttpRule {
  http: Record<string, any>;
  /** Who routes. */
  owner: KubeObject;
  /** Where in the owner. */
  at: Place;
  /** The VirtualService with the hosts; the owner itself, or who delegates to it. */
  root: KubeObject;
}

/** What a delegate's rule takes over where it says nothing of its own. */
const INHERITED = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrorPercent',
  'mirrorPercentage',
  'mirrors',
  'corsPolicy',
  'headers',
];

/**
 * The HTTP rules of a VirtualService, those of its delegates in their place. Only one level is followed; a delegate that
 * has hosts, is not there or is not exported to the root's namespace takes its rule with it.
 * Source: istio pilot/pkg/model/virtualservice.go, mergeVirtualServicesIfNeeded.
 */
export function httpRulesOf(set: MeshObjects, root: KubeObject): HttpRule[] {
  return itemsOf(root.spec?.http).flatMap((http, index) => {
    if (!isMap(http)) {
      return [];
    }
    if (!http.delegate) {
      return [{ http, owner: root, at: ['spec', 'http', index], root }];
    }
    const delegate = set.get(
      'VirtualService',
      http.delegate.namespace ?? namespaceOf(root),
      String(http.delegate.name),
    );
    if (
      !delegate ||
      itemsOf(delegate.spec?.hosts).length > 0 ||
      !isVisibleTo(set, delegate, namespaceOf(root))
    ) {
      return [];
    }
    return itemsOf(delegate.spec?.http).flatMap((own, position) => {
      const merged =
        isMap(own) && !own.delegate ? mergedRule(http, own) : undefined;
      const at = ['spec', 'http', position];
      return merged ? [{ http: merged, owner: delegate, at, root }] : [];
    });
  });
}

function isVisibleTo(
  set: MeshObjects,
  delegate: KubeObject,
  namespace: string,
): boolean {
  const given = textsOf(delegate.spec?.exportTo);
  const scopes =
    given.length > 0 ? given : set.meshConfig.defaultVirtualServiceExportTo;
  return scopes.some(
    scope =>
      scope === '*' ||
      scope === namespace ||
      (scope === '.' && namespaceOf(delegate) === namespace),
  );
}

function mergedRule(
  root: Record<string, any>,
  own: Record<string, any>,
): Record<string, any> | undefined {
  const match = delegateMatches(itemsOf(root.match), itemsOf(own.match));
  if (!match) {
    return undefined;
  }
  const inherited = INHERITED.filter(
    field => root[field] !== undefined && own[field] === undefined,
  ).map(field => [field, root[field]]);
  return {
    ...own,
    ...Object.fromEntries(inherited),
    name: [root.name, own.name].filter(Boolean).join('-') || undefined,
    match,
  };
}
