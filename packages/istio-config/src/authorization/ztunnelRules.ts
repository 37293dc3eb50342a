import { fieldsOf, isMap, itemsOf } from '../kube/reading';
import type { PolicyAction } from './policies';

const L4_SOURCE = [
  'principals',
  'notPrincipals',
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'ipBlocks',
  'notIpBlocks',
];
/** Neither sent to ztunnel nor said to be missing there. */
const UNSENT_SOURCE = ['trustDomains', 'notTrustDomains'];
const L4_OPERATION = ['ports', 'notPorts'];
const L4_CONDITION = [
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
];

/**
 * What ztunnel, which sees connections and no requests, makes of a rule; undefined where it never matches. An ALLOW rule about
 * requests is left out. Of a DENY rule the attributes of requests are left out, and a part that then says nothing matches
 * nothing: `paths` alone denies nobody, `ports` with `paths` denies the port. Trust domains are left out of both.
 * Source: istio pilot/pkg/serviceregistry/ambient/authorization.go, handleRule and hasEffectiveRules.
 * @public
 */
export function ruleOnZtunnel(rule: any, action: PolicyAction): any {
  const from = itemsOf(rule?.from).map(item => item?.source);
  const to = itemsOf(rule?.to).map(item => item?.operation);
  const when = itemsOf(rule?.when);
  const needsRequest =
    from.some(source => beyond(source, [...L4_SOURCE, ...UNSENT_SOURCE])) ||
    to.some(operation => beyond(operation, L4_OPERATION)) ||
    when.some(condition => !L4_CONDITION.includes(condition?.key));
  if (!needsRequest && !from.some(source => beyond(source, L4_SOURCE))) {
    return rule;
  }
  if (needsRequest && action === 'ALLOW') {
    return undefined;
  }
  const sources = from
    .map(source => only(source, L4_SOURCE))
    .filter(saysSomething);
  const operations = to
    .map(operation => only(operation, L4_OPERATION))
    .filter(saysSomething);
  if (
    (from.length > 0 && sources.length === 0) ||
    (to.length > 0 && operations.length === 0) ||
    when.some(condition => !L4_CONDITION.includes(condition?.key))
  ) {
    return undefined;
  }
  return {
    ...(sources.length > 0
      ? { from: sources.map(source => ({ source })) }
      : {}),
    ...(operations.length > 0
      ? { to: operations.map(operation => ({ operation })) }
      : {}),
    ...(when.length > 0 ? { when } : {}),
  };
}

function beyond(value: unknown, fields: readonly string[]): boolean {
  return fieldsOf(value).some(
    ([field, values]) => !fields.includes(field) && itemsOf(values).length > 0,
  );
}

function only(value: unknown, fields: readonly string[]) {
  return Object.fromEntries(
    fieldsOf(value).filter(
      ([field, values]) => fields.includes(field) && itemsOf(values).length > 0,
    ),
  );
}

function saysSomething(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length > 0;
}
