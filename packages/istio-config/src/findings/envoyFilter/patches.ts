import { fullNameOf, KubeObject } from '../../kube/KubeObject';
import { fieldsOf, isMap, itemsOf } from '../../kube/reading';

/** One patch of an EnvoyFilter, as its order matters. */
export interface Patch {
  path: string;
  operation: string;
  applyTo: string;
  /** The filter it is about, as Istio compares patches: a name in the value is never that of a matched filter. */
  about: string;
  hasVersion: boolean;
}

/** The patches of an EnvoyFilter up to the first one without a body. */
export function patchesOf(object: KubeObject): Patch[] {
  const patches: Patch[] = [];
  for (const [index, item] of itemsOf(object.spec?.configPatches).entries()) {
    if (!isMap(item?.patch)) {
      break;
    }
    const { value, operation } = item.patch;
    const fields = fieldsOf(value);
    const listed = item.match?.listener?.filterChain?.filter?.name ?? '';
    patches.push({
      path: `spec.configPatches[${index}]`,
      operation: String(operation ?? ''),
      applyTo: String(item.applyTo ?? ''),
      about: fields.length > 0 ? nameIn(value) ?? listed : '',
      hasVersion: Boolean(item.match?.proxy?.proxyVersion),
    });
  }
  return patches;
}

function nameIn(value: any): string | undefined {
  return value.name === undefined ? undefined : `value ${value.name}`;
}

const ROUTE_PARTS = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'];
const REPLACEABLE = ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST'];

export function isIgnoredOnRoutes(patch: Patch, operation: string): boolean {
  return patch.operation === operation && ROUTE_PARTS.includes(patch.applyTo);
}

export function replacesWrongly(patch: Patch): boolean {
  return patch.operation === 'REPLACE' && !REPLACEABLE.includes(patch.applyTo);
}

/** Whether the patch depends on what other patches have put there before it. */
function isRelative(patch: Patch): boolean {
  switch (patch.operation) {
    case 'INSERT_BEFORE':
    case 'INSERT_AFTER':
      return true;
    case 'REMOVE':
      return !isIgnoredOnRoutes(patch, 'REMOVE');
    case 'REPLACE':
      return !replacesWrongly(patch);
    default:
      return false;
  }
}

/**
 * Relative patches without a priority, and whether a patch for the same filter before it is bound to a proxy version.
 * Source: istio pkg/config/analysis/analyzers/envoyfilter/envoyfilter.go.
 */
export function relativePatches(
  objects: readonly KubeObject[],
): { object: KubeObject; patch: Patch; afterVersioned: boolean }[] {
  const versioned = new Set<string>();
  return [...objects]
    .sort((a, b) => (fullNameOf(a) < fullNameOf(b) ? -1 : 1))
    .flatMap(object =>
      patchesOf(object).flatMap(patch => {
        const found =
          isRelative(patch) && !object.spec?.priority
            ? [{ object, patch, afterVersioned: versioned.has(patch.about) }]
            : [];
        if (patch.hasVersion) {
          versioned.add(patch.about);
        }
        return found;
      }),
    );
}
