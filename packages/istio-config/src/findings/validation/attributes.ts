import {
  emptyValueProblems,
  ipProblems,
  policyPortProblems,
  serviceAccountProblems,
  wildcardProblems,
} from './policyValues';
import { Problem, refused } from './Problem';

type Check = (values: unknown, path: string) => Iterable<Problem>;

/** What each attribute's values have to be, beside not empty. */
const ATTRIBUTES: Record<string, Check> = {
  'source.ip': ipProblems,
  'remote.ip': ipProblems,
  'source.namespace': emptyValueProblems,
  'source.serviceAccount': serviceAccountProblems,
  'source.principal': emptyValueProblems,
  'source.trustDomain': wildcardProblems,
  'request.auth.principal': emptyValueProblems,
  'request.auth.audiences': emptyValueProblems,
  'request.auth.presenter': emptyValueProblems,
  'destination.ip': ipProblems,
  'destination.port': policyPortProblems,
  'connection.sni': emptyValueProblems,
};
/** Those that name a field of theirs in brackets. */
const WITH_BRACKETS = [
  'request.headers',
  'request.auth.claims',
  'experimental.envoy.filters.',
];

/** A `when` of a rule. Source: istio pkg/config/security/security.go, ValidateAttribute. */
export function* attributeProblems(
  key: string,
  path: string,
  { values, notValues }: { values: unknown; notValues: unknown },
): Iterable<Problem> {
  const check = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
  if (check) {
    for (const [given, field] of [
      [values, 'values'],
      [notValues, 'notValues'],
    ] as const) {
      const empty = [...emptyValueProblems(given, `${path}.${field}`)];
      yield* empty.length > 0 ? empty : check(given, `${path}.${field}`);
    }
    return;
  }
  if (!WITH_BRACKETS.some(prefix => key.startsWith(prefix))) {
    yield refused(
      `${path}.key`,
      `Istio knows no attribute ${JSON.stringify(key)}.`,
      `Use one of ${[
        'request.headers[NAME]',
        'request.auth.claims[NAME]',
        ...Object.keys(ATTRIBUTES),
      ].join(', ')}.`,
    );
  } else if (!/^[^[]+\[.+\]$/s.test(key)) {
    yield refused(
      `${path}.key`,
      `${JSON.stringify(key)} lacks its name in brackets.`,
      'Write request.headers[x-user], for example.',
    );
  }
  yield* emptyValueProblems(values, `${path}.values`);
  yield* emptyValueProblems(notValues, `${path}.notValues`);
}
