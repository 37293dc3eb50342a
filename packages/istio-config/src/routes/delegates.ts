import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import type { MeshConfigSet } from '../MeshConfigSet';

/** One HTTP rule with the object that wrote it. */
export interface HttpRule {
  http: any;
  /** Who routes. */
  owner: KubeObject;
  /** Where in the owner. */
  path: string;
  /** The VirtualService with the hosts; the owner itself, or who delegates to it. */
  root: KubeObject;
}

/**
 * The HTTP rules of a VirtualService, those of its delegates in their place. Only one level is followed; a delegate that
 * has hosts or is not there takes its rule with it. Source: istio pilot/pkg/model/virtualservice.go, mergeHTTPRoutes.
 */
export function httpRulesOf(set: MeshConfigSet, root: KubeObject): HttpRule[] {
  return itemsOf(root.spec?.http).flatMap((http, index) => {
    if (!isMap(http)) {
      return [];
    }
    if (!http.delegate) {
      return [{ http, owner: root, path: `spec.http[${index}]`, root }];
    }
    const delegate = set.get(
      'VirtualService',
      http.delegate.namespace ?? namespaceOf(root),
      String(http.delegate.name),
    );
    if (!delegate || itemsOf(delegate.spec?.hosts).length > 0) {
      return [];
    }
    return itemsOf(delegate.spec?.http).flatMap((own, position) => {
      const match =
        isMap(own) && !own.delegate
          ? bothMatches(itemsOf(http.match), itemsOf(own.match))
          : undefined;
      return match
        ? [
            {
              http: { ...inherited(http), ...own, match },
              owner: delegate,
              path: `spec.http[${position}]`,
              root,
            },
          ]
        : [];
    });
  });
}

/** What a delegate's rule takes over where it says nothing of its own. */
function inherited(http: Record<string, any>): Record<string, any> {
  const { delegate: _delegate, match: _match, name: _name, ...rest } = http;
  return rest;
}

/** The matches that hold for both; undefined where none can. */
function bothMatches(roots: any[], owns: any[]): any[] | undefined {
  if (roots.length === 0 || owns.length === 0) {
    return roots.length === 0 ? owns : roots;
  }
  const both = roots.flatMap(root =>
    owns.flatMap(own => {
      const uri = bothUris(root?.uri, own?.uri);
      return uri === false
        ? []
        : [
            {
              ...root,
              ...own,
              ...(uri ? { uri } : {}),
              headers: { ...root?.headers, ...own?.headers },
              queryParams: { ...root?.queryParams, ...own?.queryParams },
            },
          ];
    }),
  );
  return both.length > 0 ? both : undefined;
}

/** The narrower of two path matches; false where they exclude each other. */
function bothUris(root: any, own: any): any {
  if (!root || !own) {
    return own ?? root;
  }
  const wanted: unknown = own.exact ?? own.prefix;
  return typeof root.prefix === 'string' &&
    typeof wanted === 'string' &&
    wanted.startsWith(root.prefix)
    ? own
    : false;
}
