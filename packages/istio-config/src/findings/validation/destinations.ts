import { isMap, itemsOf } from '../../kube/reading';
import { headerOperationProblems } from './headers';
import { isDnsLabel, portProblems, wildcardDomainProblem } from './names';
import { Problem, refused } from './Problem';

/** Source: validation.go, validateDestination. */
export function* destinationProblems(
  destination: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(destination)) {
    return;
  }
  const problem =
    destination.host === '*'
      ? '"*" is every host'
      : wildcardDomainProblem(destination.host);
  if (problem) {
    yield refused(
      `${path}.host`,
      `The destination has no valid host: ${problem}.`,
      'Name the service that gets the requests.',
    );
  }
  if (destination.subset && !isDnsLabel(destination.subset)) {
    yield refused(
      `${path}.subset`,
      `${JSON.stringify(destination.subset)} is no name of a subset.`,
      'Use letters, digits and dashes.',
    );
  }
  if (isMap(destination.port)) {
    yield* portProblems(destination.port.number ?? 0, `${path}.port.number`);
  }
}

/** Where a rule sends, and how much. Source: same, validateHTTPRouteDestinations and validateRouteDestinations. */
export function* routeProblems(
  routes: unknown,
  path: string,
): Iterable<Problem> {
  const given = itemsOf(routes);
  for (const [index, route] of given.entries()) {
    const place = `${path}[${index}]`;
    if (!isMap(route?.destination)) {
      yield refused(
        place,
        'It has no destination.',
        'Name the service that gets the requests.',
      );
    }
    yield* headerOperationProblems(route?.headers, `${place}.headers`);
    yield* destinationProblems(route?.destination, `${place}.destination`);
    if (Number(route?.weight ?? 0) < 0) {
      yield refused(
        `${place}.weight`,
        `The weight ${route.weight} is negative.`,
        'Use 0 or more.',
      );
    }
  }
  const total = given.reduce(
    (sum, route) => sum + (Number(route?.weight ?? 0) || 0),
    0,
  );
  if (given.length > 1 && total === 0) {
    yield refused(
      path,
      'No destination has a weight: Istio cannot share the requests out and refuses the object.',
      'Give at least one destination a weight.',
    );
  }
}
