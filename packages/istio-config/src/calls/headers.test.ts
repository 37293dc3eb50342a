import { deployment, service } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';

const SENT = { 'X-One': 'sent', 'x-two': 'kept' };
const BASE = [
  service('a'),
  deployment('a', { version: 'v1' }),
  deployment('client'),
].join('\n');

const virtualService = (rule: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: orion}
spec: {hosts: [a], http: [${rule}]}
---
`;
const httpRoute = (filters: string, ofBackend: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a, namespace: orion}
spec:
  parentRefs: [{group: "", kind: Service, name: a}]
  rules: [{filters: ${filters}, backendRefs: [{name: a, port: 8080, filters: ${ofBackend}}]}]
---
`;

const callWith = (objects: string) => {
  const set = setFromYaml(BASE + objects);
  return foretellCall(set, {
    protocol: 'http',
    from: findWorkload(set, 'orion', 'client')!,
    host: 'a',
    port: 8080,
    headers: SENT,
  });
};

describe('what rules make of headers', () => {
  it.each<[string, string, Record<string, string>, Record<string, string>]>([
    ['nothing', '', { 'x-one': 'sent', 'x-two': 'kept' }, {}],
    [
      'set replaces, add goes beside, remove takes away',
      virtualService(
        `{headers: {request: {set: {X-One: set}, add: {x-one: more, x-new: new}, remove: [X-Two]},
          response: {add: {x-more: "yes"}}}, route: [{destination: {host: a}}]}`,
      ),
      { 'x-one': 'set, more', 'x-new': 'new' },
      { 'x-more': 'yes' },
    ],
    [
      'what is removed goes before what is set, and the only destination’s with the rule’s',
      virtualService(
        `{headers: {request: {set: {x-one: rule}}}, route: [{destination: {host: a},
          headers: {request: {remove: [x-one], add: {x-two: more}}}}]}`,
      ),
      { 'x-one': 'rule', 'x-two': 'kept, more' },
      {},
    ],
    [
      'of several destinations each has its own step, before the rule’s',
      virtualService(
        `{headers: {request: {remove: [x-one]}, response: {set: {x-more: rule}}}, route: [
          {destination: {host: a}, weight: 100, headers: {request: {set: {x-one: own, x-two: own}}, response: {set: {x-more: own}}}},
          {destination: {host: b}, weight: 0}]}`,
      ),
      { 'x-two': 'own' },
      { 'x-more': 'rule' },
    ],
    [
      'the host is no header',
      virtualService(
        '{headers: {request: {set: {Host: other.test}}}, route: [{destination: {host: a}}]}',
      ),
      { 'x-one': 'sent', 'x-two': 'kept' },
      {},
    ],
    [
      'filters of an HTTPRoute and of its backend; of two values the first counts',
      httpRoute(
        '[{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-one, value: first}, {name: X-One, value: second}]}}]',
        '[{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: x-more, value: "yes"}]}}]',
      ),
      { 'x-one': 'first', 'x-two': 'kept' },
      { 'x-more': 'yes' },
    ],
  ])('%s', (_name, objects, request, response) => {
    const outcomes = callWith(objects);
    expect(outcomes).toMatchObject([
      { type: 'reaches', headers: { request, response } },
    ]);
    expect(outcomes[0]).toHaveProperty('headers', { request, response });
  });

  it('is what policies of the other side see', () => {
    const policy = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: a, namespace: orion}
spec: {action: DENY, rules: [{when: [{key: "request.headers[x-one]", values: [set]}]}]}
---
`;
    const rule = virtualService(
      '{headers: {request: {set: {x-one: set}}}, route: [{destination: {host: a}}]}',
    );
    expect(callWith(policy)).toMatchObject([{ type: 'reaches' }]);
    expect(callWith(policy + rule)).toMatchObject([
      { type: 'answered', status: 403 },
    ]);
  });
});
