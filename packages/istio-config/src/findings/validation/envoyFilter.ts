import type { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf, ownField } from '../../kube/reading';
import { portProblems } from './names';
import { Problem, refused, warned } from './Problem';
import { workloadSelectorProblems } from './selectors';
import { patternProblems } from './values';

const LISTENER_KINDS = [
  'LISTENER',
  'FILTER_CHAIN',
  'NETWORK_FILTER',
  'HTTP_FILTER',
];
const ROUTE_KINDS = ['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'];
const CONNECTION_MANAGERS = [
  'envoy.filters.network.http_connection_manager',
  'envoy.http_connection_manager',
];
const LONGEST_VERSION = 1024;

/**
 * The parts around a patch. Whether its value is a valid piece of Envoy's configuration is not judged: that takes
 * Envoy's own definitions. Source: istio pkg/config/validation/envoyfilter/envoyfilter.go.
 */
export function* envoyFilterProblems({ spec }: KubeObject): Iterable<Problem> {
  const selector = workloadSelectorProblems(spec);
  yield* selector.problems;
  if (selector.isRefused) {
    return;
  }
  for (const [index, patch] of itemsOf(spec?.configPatches).entries()) {
    yield* waypointProblems(patch?.match, `spec.configPatches[${index}].match`);
    if (patch?.match?.context !== 'WAYPOINT') {
      yield* patchProblems(patch, `spec.configPatches[${index}]`);
    }
  }
}

/** A waypoint is chosen where the context is one, and nowhere else. Source: Istio's definitions, EnvoyFilter. */
function* waypointProblems(match: unknown, path: string): Iterable<Problem> {
  if (!isMap(match)) {
    return;
  }
  const isOfWaypoint = match.context === 'WAYPOINT';
  if (isOfWaypoint !== (match.waypoint !== undefined)) {
    yield refused(
      `${path}.waypoint`,
      isOfWaypoint
        ? 'The context is WAYPOINT, and waypoint says nothing.'
        : 'waypoint counts only in the context WAYPOINT.',
      isOfWaypoint ? 'Set waypoint.' : 'Set context to WAYPOINT.',
    );
  }
  const port: unknown = ownField(match.waypoint, 'portNumber');
  if (port !== undefined) {
    yield* portProblems(port, `${path}.waypoint.portNumber`);
  }
}

function* patchProblems(entry: any, path: string): Iterable<Problem> {
  const {
    applyTo = 'INVALID',
    patch,
    match,
  } = isMap(entry)
    ? entry
    : { applyTo: undefined, patch: undefined, match: undefined };
  const operation = patch?.operation ?? 'INVALID';
  if (applyTo === 'INVALID') {
    yield refused(
      `${path}.applyTo`,
      'The patch does not say what it applies to.',
      'Set applyTo.',
    );
  } else if (operation === 'INVALID') {
    yield refused(
      `${path}.patch.operation`,
      'The patch does not say what it does.',
      'Set patch.operation.',
    );
  } else if (operation !== 'REMOVE' && patch.value === undefined) {
    yield refused(
      `${path}.patch.value`,
      `${operation} needs a value.`,
      'Set patch.value.',
    );
  } else {
    yield* matchProblems(applyTo, match, `${path}.match`);
  }
}

/** By what a patch chooses what it changes. */
function matchFor(applyTo: string): string | undefined {
  if (LISTENER_KINDS.includes(applyTo)) {
    return 'listener';
  }
  if (ROUTE_KINDS.includes(applyTo)) {
    return 'routeConfiguration';
  }
  return applyTo === 'CLUSTER' ? 'cluster' : undefined;
}

function* matchProblems(
  applyTo: string,
  match: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(match)) {
    return;
  }
  const version = String(match.proxy?.proxyVersion ?? '');
  if (version.length > LONGEST_VERSION) {
    yield warned(
      `${path}.proxy.proxyVersion`,
      'The pattern is too long, and ignored.',
      'Shorten it.',
    );
  } else if (version) {
    yield* patternProblems(version, `${path}.proxy.proxyVersion`);
  }
  const wanted = matchFor(applyTo);
  const given = ['listener', 'routeConfiguration', 'cluster'].find(
    kind => match[kind],
  );
  if (wanted && given && given !== wanted) {
    yield refused(
      `${path}.${given}`,
      `What applies to ${applyTo} is chosen by ${wanted}, not by ${given}.`,
      `Use match.${wanted}.`,
    );
  } else if (wanted === 'listener') {
    yield* filterProblems(applyTo, match.listener?.filterChain?.filter, path);
  }
}

function* filterProblems(
  applyTo: string,
  filter: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(filter)) {
    return;
  }
  const place = `${path}.listener.filterChain.filter`;
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') {
    yield warned(
      place,
      `A filter chooses nothing of a ${applyTo}.`,
      'Remove it, or apply the patch to NETWORK_FILTER.',
    );
  }
  if (!filter.name) {
    yield refused(`${place}.name`, 'The filter has no name.', 'Name it.');
  } else if (isMap(filter.subFilter)) {
    const isInHttp =
      applyTo === 'HTTP_FILTER' && CONNECTION_MANAGERS.includes(filter.name);
    if (!isInHttp || !filter.subFilter.name) {
      yield refused(
        `${place}.subFilter`,
        'A subFilter is an HTTP filter, with a name, in the HTTP connection manager.',
        `Set applyTo to HTTP_FILTER, filter.name to ${CONNECTION_MANAGERS[0]}, and name the subFilter.`,
      );
    }
  }
}
