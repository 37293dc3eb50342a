import type { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import { attributeProblems } from './attributes';
import {
  emptyValueProblems,
  ipProblems,
  pathTemplateProblems,
  policyPortProblems,
  serviceAccountProblems,
  trustDomainProblems,
} from './policyValues';
import { Problem, refused, warned } from './Problem';
import { attachmentProblems } from './selectors';

const ACTIONS = ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'];
const IP_FIELDS = ['ipBlocks', 'remoteIpBlocks'];
const IDENTITIES = ['principals', 'namespaces', 'serviceAccounts'];
const SOURCE_FIELDS = both([
  ...IP_FIELDS,
  ...IDENTITIES,
  'requestPrincipals',
  'trustDomains',
]);
const OPERATION_FIELDS = both(['ports', 'methods', 'paths', 'hosts']);
/** What can be judged of a connection that is no HTTP. */
const TCP_SOURCE_FIELDS = both([...IP_FIELDS, ...IDENTITIES]);
/** What the provider of a CUSTOM policy is asked for cannot depend on who the caller is. */
const NOT_FOR_CUSTOM = both([
  ...IDENTITIES,
  'trustDomains',
  'requestPrincipals',
]);
const KEYS_NOT_FOR_CUSTOM =
  /^(source\.(namespace|serviceAccount|trustDomain|principal)$|request\.auth\.)/;

function both(fields: string[]): string[] {
  return fields.flatMap(field => [
    field,
    `not${field[0].toUpperCase()}${field.slice(1)}`,
  ]);
}

/** Source: istio pkg/config/validation/validation.go, ValidateAuthorizationPolicy. */
export function* authorizationPolicyProblems({
  spec,
}: KubeObject): Iterable<Problem> {
  const action: string = spec?.action ?? 'ALLOW';
  yield* attachmentProblems(spec);
  if (!ACTIONS.includes(action)) {
    yield refused(
      'spec.action',
      `There is no action ${action}.`,
      `Use one of ${ACTIONS.join(', ')}.`,
    );
  }
  if (action === 'CUSTOM') {
    yield* customProblems(spec);
  } else if (isMap(spec?.provider)) {
    yield refused(
      'spec.provider',
      `Only a CUSTOM policy has a provider, and this one is ${action}.`,
      'Remove provider, or set action to CUSTOM.',
    );
  }
  const hasNoRule = itemsOf(spec?.rules).length === 0;
  if ((action === 'DENY' || action === 'CUSTOM') && hasNoRule) {
    yield refused(
      'spec.rules',
      `A ${action} policy without rules matches nothing: Istio refuses it.`,
      'Add a rule; rules: [{}] matches every request.',
    );
  }
  for (const [index, rule] of itemsOf(spec?.rules).entries()) {
    const path = `spec.rules[${index}]`;
    if (isMap(rule)) {
      yield* fromProblems(rule, path);
      yield* toProblems(rule, path);
      for (const [place, condition] of itemsOf(rule.when).entries()) {
        yield* conditionProblems(condition, `${path}.when[${place}]`);
      }
      if (action === 'DENY') {
        yield* tcpProblems(rule, path);
      }
    } else {
      yield refused(
        path,
        'The rule is empty.',
        'Write {} for a rule that takes every request.',
      );
    }
  }
}

function* customProblems(spec: any): Iterable<Problem> {
  if (itemsOf(spec?.rules).length > 0 && !spec.provider?.name) {
    yield refused(
      'spec.provider',
      'A CUSTOM policy must name the provider that decides.',
      'Set provider.name to an extension provider of the mesh.',
    );
  }
  for (const [index, rule] of itemsOf(spec?.rules).entries()) {
    for (const [place, from] of itemsOf(rule?.from).entries()) {
      for (const field of NOT_FOR_CUSTOM) {
        if (itemsOf(from?.source?.[field]).length > 0) {
          yield refused(
            `spec.rules[${index}].from[${place}].source.${field}`,
            `A CUSTOM policy cannot judge by ${field}.`,
            'Let the provider decide it, or use ALLOW or DENY.',
          );
        }
      }
    }
    for (const [place, condition] of itemsOf(rule?.when).entries()) {
      if (KEYS_NOT_FOR_CUSTOM.test(String(condition?.key ?? ''))) {
        yield refused(
          `spec.rules[${index}].when[${place}].key`,
          `A CUSTOM policy cannot judge by ${condition.key}.`,
          'Let the provider decide it, or use ALLOW or DENY.',
        );
      }
    }
  }
}

function* fromProblems(
  rule: Record<string, any>,
  path: string,
): Iterable<Problem> {
  for (const [index, from] of itemsOf(rule.from).entries()) {
    const place = `${path}.from[${index}].source`;
    const source = from?.source;
    if (
      !isMap(source) ||
      SOURCE_FIELDS.every(field => itemsOf(source[field]).length === 0)
    ) {
      yield refused(
        place,
        'The source says nothing.',
        'Name who calls, or remove from: a rule without it is for every caller.',
      );
      continue;
    }
    yield* sourceFieldProblems(source, place);
  }
}

function* sourceFieldProblems(
  source: Record<string, any>,
  path: string,
): Iterable<Problem> {
  // An empty list stands there, too.
  const has = (fields: string[]) =>
    both(fields).some(field => Array.isArray(source[field]));
  if (has(['principals', 'namespaces']) && has(['serviceAccounts'])) {
    yield refused(
      `${path}.serviceAccounts`,
      'serviceAccounts stands beside principals or namespaces; it can be one of them.',
      'Write two sources.',
    );
  }
  for (const field of both(IP_FIELDS)) {
    yield* ipProblems(source[field], `${path}.${field}`);
  }
  for (const field of both(['principals', 'namespaces'])) {
    yield* emptyValueProblems(source[field], `${path}.${field}`);
  }
  yield* emptyValueProblems(
    source.requestPrincipals,
    `${path}.requestPrincipals`,
  );
  yield* emptyValueProblems(
    source.notRequestPrincipals,
    `${path}.notRequestPrincipals`,
  );
  for (const field of both(['serviceAccounts'])) {
    yield* serviceAccountProblems(source[field], `${path}.${field}`);
  }
  for (const field of both(['trustDomains'])) {
    yield* trustDomainProblems(source[field], `${path}.${field}`);
  }
}

function* toProblems(
  rule: Record<string, any>,
  path: string,
): Iterable<Problem> {
  for (const [index, to] of itemsOf(rule.to).entries()) {
    const place = `${path}.to[${index}].operation`;
    const operation = to?.operation;
    if (
      !isMap(operation) ||
      OPERATION_FIELDS.every(field => itemsOf(operation[field]).length === 0)
    ) {
      yield refused(
        place,
        'An operation without any field is refused.',
        'Remove it: without `to` a rule is for every operation.',
      );
      continue;
    }
    for (const field of both(['ports'])) {
      yield* policyPortProblems(operation[field], `${place}.${field}`);
    }
    for (const field of both(['methods', 'paths', 'hosts'])) {
      yield* emptyValueProblems(operation[field], `${place}.${field}`);
    }
    for (const field of both(['paths'])) {
      yield* pathTemplateProblems(operation[field], `${place}.${field}`);
    }
  }
}

function* conditionProblems(
  condition: unknown,
  path: string,
): Iterable<Problem> {
  const { key, values, notValues } = isMap(condition)
    ? condition
    : { key: '', values: [], notValues: [] };
  if (!key) {
    yield refused(
      `${path}.key`,
      'The condition has no key.',
      'Name what it looks at, as request.headers[x-user].',
    );
  } else if (itemsOf(values).length === 0 && itemsOf(notValues).length === 0) {
    yield refused(
      path,
      'The condition has neither values nor notValues.',
      'List what the attribute is to be.',
    );
  } else {
    yield* attributeProblems(String(key), path, { values, notValues });
  }
}

/** On a TCP port what only HTTP has counts as there, so that the rule denies everything. */
function* tcpProblems(
  rule: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const sources = itemsOf(rule.from).filter(from => isMap(from?.source));
  const operations = itemsOf(rule.to).filter(to => isMap(to?.operation));
  const hasTcpSource = sources.some(from =>
    TCP_SOURCE_FIELDS.some(field => Array.isArray(from.source[field])),
  );
  const hasPort = operations.some(({ operation }) =>
    both(['ports']).some(field => Array.isArray(operation[field])),
  );
  if (operations.length > 0 ? !hasPort : sources.length > 0 && !hasTcpSource) {
    yield warned(
      `${path}.${operations.length > 0 ? 'to' : 'from'}`,
      'On TCP ports, where there are no paths or methods, this rule denies everything.',
      'Name the ports that it is for.',
    );
  }
}
