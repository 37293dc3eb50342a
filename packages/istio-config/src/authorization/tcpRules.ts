import { fieldsOf, isMap, itemsOf } from '../kube/reading';
import type { PolicyAction } from './policies';

const HTTP_SOURCES = ['requestPrincipals', 'notRequestPrincipals'];
const HTTP_OPERATIONS = [
  'hosts',
  'notHosts',
  'methods',
  'notMethods',
  'paths',
  'notPaths',
];

/**
 * What is left of a rule on a TCP port, where there is no request to look at: an ALLOW rule that needs one is dropped,
 * in any other the attributes are left out, so that a DENY is wider. Source: istio pilot/pkg/security/authz/model/model.go.
 * @public
 */
export function ruleOnTcp(rule: any, action: PolicyAction): any {
  const needsHttp =
    itemsOf(rule?.from).some(item => hasAny(item?.source, HTTP_SOURCES)) ||
    itemsOf(rule?.to).some(item => hasAny(item?.operation, HTTP_OPERATIONS)) ||
    itemsOf(rule?.when).some(isHttpCondition);
  if (!needsHttp) {
    return rule;
  }
  if (action === 'ALLOW') {
    return undefined;
  }
  return {
    ...rule,
    from:
      rule.from &&
      itemsOf(rule.from).map(item => ({
        ...item,
        source: without(item?.source, HTTP_SOURCES),
      })),
    to:
      rule.to &&
      itemsOf(rule.to).map(item => ({
        ...item,
        operation: without(item?.operation, HTTP_OPERATIONS),
      })),
    when: itemsOf(rule.when).filter(condition => !isHttpCondition(condition)),
  };
}

function isHttpCondition(condition: any): boolean {
  return /^request\./.test(String(condition?.key ?? ''));
}

function hasAny(value: unknown, fields: readonly string[]): boolean {
  return isMap(value) && fields.some(field => itemsOf(value[field]).length > 0);
}

function without(value: unknown, fields: readonly string[]) {
  return Object.fromEntries(
    fieldsOf(value).filter(([field]) => !fields.includes(field)),
  );
}
