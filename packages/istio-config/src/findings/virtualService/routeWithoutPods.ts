import { resolveHost, serviceHost, serviceOfHost } from '../../hosts/hosts';
import { effectiveRoutes } from '../../routes/effectiveRoutes';
import { gatewaysOf, hostsOf } from '../../routes/virtualServices';
import type { MeshObjects } from '../../MeshObjects';
import type { RouteDestination, RouteRule } from '../../routes/types';
import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { pathOf, Place, valueAt } from '../../kube/place';
import { itemsOf } from '../../kube/reading';
import { defineFinding, FindingDraft } from '../Finding';
import type { Mend } from '../Mend';

/** Requests are sent to a version of which no pod is ready. */
export const routeWithoutPods = defineFinding({
  code: 'MD0102',
  level: 'error',
  inputs: ['VirtualService'],
  source: 'envoy: a cluster without healthy hosts answers 503 with the flag UH',
  *find({ VirtualService: services }, set) {
    for (const object of services) {
      if (gatewaysOf(object).includes('mesh')) {
        // Each by itself: to follow its routes is the dearest question that a changed VirtualService asks.
        yield* set.derivePart(
          emptyRoutesAt,
          `${namespaceOf(object)}/${object.metadata.name}`,
        );
      }
    }
  },
});

function emptyRoutesAt(set: MeshObjects, key: string): FindingDraft[] {
  const [namespace, name] = key.split('/');
  const object = set.get('VirtualService', namespace, name);
  return object ? emptyRoutesOf(set, object) : [];
}

function emptyRoutesOf(set: MeshObjects, object: KubeObject): FindingDraft[] {
  const { name } = object.metadata;
  const namespace = namespaceOf(object);
  return hostsOf(set, object).flatMap(host => {
    const service = serviceOfHost(set, host);
    if (!service) {
      return [];
    }
    const place = {
      namespace: namespaceOf(service),
      service: service.metadata.name,
    };
    const routes = effectiveRoutes(set, {
      ...place,
      from: { type: 'mesh', namespace },
    });
    return routes.decidedBy?.kind === 'VirtualService' &&
      routes.decidedBy.name === name &&
      routes.decidedBy.namespace === namespace
      ? routes.rules.flatMap(rule => {
          const position = rule.destinations.findIndex(
            ({ state, share }) => state === 'no-pods' && share > 0,
          );
          return position < 0
            ? []
            : emptyRoute(set, object, rule, position, place);
        })
      : [];
  });
}

function emptyRoute(
  set: MeshObjects,
  decider: KubeObject,
  rule: RouteRule,
  position: number,
  place: { namespace: string; service: string },
): FindingDraft[] {
  const { subset, share, host } = rule.destinations[position];
  const { domain } = set.meshConfig;
  const written = writtenIn(set, decider, rule);
  if (!written) {
    return [];
  }
  const { resource, at, list } = written;
  const called = (destination: RouteDestination) =>
    destination.subset ?? nameOf(destination.host, place, domain);
  return [
    {
      resource,
      path: pathOf(list ? [...list, position] : at),
      message: `${Math.round(share * 1000) / 10} % of its requests go to ${
        subset ? `the subset ${subset}` : nameOf(host, place, domain)
      }, of which no pod is ready: they are answered 503.`,
      fix: subset
        ? `Deploy ready pods for the subset ${subset}, or set its weight to 0.`
        : 'Bring its pods up, or send the requests elsewhere.',
      mend: list && withoutEmpty(rule.destinations, list, called),
    },
  ];
}

/**
 * The object that holds a rule, and its list of destinations there. A delegate of another namespace is not this namespace's
 * to judge: of it the rule that delegates is named.
 */
function writtenIn(
  set: MeshObjects,
  decider: KubeObject,
  { source, destinations }: RouteRule,
): { resource: KubeObject; at: Place; list?: Place } | undefined {
  if (source?.object.kind !== 'VirtualService') {
    return undefined;
  }
  const { namespace, name } = source.object;
  if (namespace !== decider.metadata.namespace) {
    const index = itemsOf(decider.spec?.http).findIndex(
      http =>
        http?.delegate?.name === name && http.delegate.namespace === namespace,
    );
    return { resource: decider, at: ['spec', 'http', index, 'delegate'] };
  }
  const resource = set.get('VirtualService', namespace, name);
  const list = [...source.at, 'route'];
  // A destination that cannot be read is not among those of the rule.
  const isWhole =
    itemsOf(valueAt(resource, list)).length === destinations.length;
  return (
    resource && { resource, at: source.at, list: isWhole ? list : undefined }
  );
}

/** Whoever has pods gets what the others had, each in the same measure. */
function withoutEmpty(
  destinations: readonly RouteDestination[],
  route: Place,
  called: (destination: RouteDestination) => string,
): Mend | undefined {
  const weights = withPodsOnly(destinations);
  if (!weights) {
    return undefined;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = destinations
    .map((destination, index) => ({
      destination,
      share: weights[index] / total,
    }))
    .filter(({ share }) => share > 0)
    .map(
      ({ destination, share }) =>
        `${called(destination)} gets ${Math.round(share * 1000) / 10} %`,
    );
  return {
    does: `No request goes where no pod is ready: ${shares.join(', ')}.`,
    edits: weights.map((value, index) => ({
      at: [...route, index, 'weight'],
      value,
    })),
  };
}

/** Weights that add up as before; undefined where it is not clear who should get them. */
function withPodsOnly(
  destinations: readonly RouteDestination[],
): number[] | undefined {
  const total = destinations.reduce((sum, { weight = 0 }) => sum + weight, 0);
  const able = destinations.filter(({ state }) => state === 'ok');
  const ableTotal = able.reduce((sum, { weight = 0 }) => sum + weight, 0);
  if (total === 0 || able.length === 0) {
    return undefined;
  }
  if (ableTotal === 0) {
    return able.length === 1
      ? destinations.map(({ state }) => (state === 'ok' ? total : 0))
      : undefined;
  }
  const exact = destinations.map(({ state, weight = 0 }) =>
    state === 'ok' ? (weight * total) / ableTotal : 0,
  );
  const weights = exact.map(Math.floor);
  const missing = total - weights.reduce((sum, weight) => sum + weight, 0);
  // Who lost most to rounding gets one more.
  exact
    .map((weight, index) => ({ index, lost: weight - weights[index] }))
    .sort((a, b) => b.lost - a.lost)
    .slice(0, missing)
    .forEach(({ index }) => weights[index]++);
  return weights;
}

function nameOf(
  target: string,
  place: { namespace: string; service: string },
  domain: string,
): string {
  const own = serviceHost(place.namespace, place.service, domain);
  return resolveHost(target, place.namespace, domain) === own
    ? place.service
    : target;
}
