import { fieldsOf, isMap, itemsOf } from '../../kube/reading';
import { headerConditionProblems } from './headers';
import {
  domainProblem,
  isDnsLabel,
  labelProblems,
  portProblems,
} from './names';
import { Problem, refused, warned } from './Problem';
import { regexProblems, textMatchProblems } from './values';

/** The conditions of a rule. Source: virtualservice.go, validateHTTPRouteMatchRequest. */
export function* httpConditionProblems(
  match: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(match)) {
    return;
  }
  for (const [name, condition] of fieldsOf(match.headers)) {
    const place = `${path}.headers.${name}`;
    yield* headerConditionProblems(name, place);
    yield* textMatchProblems(condition, place);
  }
  for (const [name, condition] of fieldsOf(match.withoutHeaders)) {
    const place = `${path}.withoutHeaders.${name}`;
    yield* headerConditionProblems(name, place);
    // Here, and only here, "*" stands for any value.
    if (condition?.regex !== '*') {
      yield* textMatchProblems(condition, place);
    }
  }
  if (isMap(match.uri)) {
    yield* regexProblems(match.uri, `${path}.uri`);
  }
  for (const field of ['scheme', 'method', 'authority']) {
    yield* textMatchProblems(match[field], `${path}.${field}`);
  }
  for (const [name, condition] of fieldsOf(match.queryParams)) {
    yield* textMatchProblems(condition, `${path}.queryParams.${name}`);
  }
  yield* sourceProblems(match, path);
}

/** Whose requests the rule is for, and at which port. */
export function* sourceProblems(
  match: Record<string, any>,
  path: string,
): Iterable<Problem> {
  if (match.port) {
    yield* portProblems(match.port, `${path}.port`);
  }
  yield* labelProblems(match.sourceLabels, `${path}.sourceLabels`);
  yield* gatewayNameProblems(match.gateways, `${path}.gateways`);
  if (match.sourceNamespace && !isDnsLabel(match.sourceNamespace)) {
    yield refused(
      `${path}.sourceNamespace`,
      `${JSON.stringify(match.sourceNamespace)} is no name of a namespace.`,
      'Write the name of one namespace.',
    );
  }
}

/** `namespace/name`, or a name alone. Source: validation.go, validateGatewayNames. */
export function* gatewayNameProblems(
  gateways: unknown,
  path: string,
): Iterable<Problem> {
  for (const [index, gateway] of itemsOf(gateways).map(String).entries()) {
    const place = `${path}[${index}]`;
    const slash = gateway.indexOf('/');
    if (slash < 0) {
      if (gateway.includes('.')) {
        const [name, namespace] = gateway.split('.');
        yield warned(
          place,
          `${JSON.stringify(
            gateway,
          )} names a gateway by its host, as Istio once did.`,
          `Write ${namespace}/${name}.`,
        );
      }
      const problem = domainProblem(gateway);
      if (problem) {
        yield refused(
          place,
          `${JSON.stringify(gateway)} is no name of a gateway: ${problem}.`,
          'Write namespace/name.',
        );
      }
      // Istio looks at no gateway behind one that is named in this way.
      return;
    }
    if (
      !isDnsLabel(gateway.slice(0, slash)) ||
      !isDnsLabel(gateway.slice(slash + 1))
    ) {
      yield refused(
        place,
        `${JSON.stringify(gateway)} is no namespace and name of a gateway.`,
        'Write namespace/name; the name alone is a gateway of this namespace.',
      );
    }
  }
}
