import { setFromYaml } from '@meshdeck/istio-config';
import { isNamed, nameRule } from './ruleNames';

const setOf = (...rules: string[]) =>
  setFromYaml(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: one}
spec:
  hosts: [a]
  http: [${rules.join(', ')}]
`);
const first = {
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: 'one',
    name: 'a',
  },
  at: ['spec', 'http', 0],
};
const to = (...weights: number[]) =>
  `route: [${weights.map(
    (weight, index) =>
      `{destination: {host: a, subset: v${index}}, weight: ${weight}}`,
  )}]`;
const LOGIN = 'match: [{uri: {prefix: /login}, port: 80}]';

describe('the name of a rule', () => {
  const seen = setOf(`{name: login, ${LOGIN}, ${to(90, 10)}, timeout: 1s}`);
  const name = nameRule(seen, first);

  it.each<[string, boolean, string[]]>([
    [
      'as it was',
      true,
      [`{name: login, ${LOGIN}, ${to(90, 10)}, timeout: 1s}`],
    ],
    ['with other weights', true, [`{name: login, ${LOGIN}, ${to(50, 50)}}`]],
    [
      'with one version more',
      true,
      [`{name: login, ${LOGIN}, ${to(1, 2, 3)}}`],
    ],
    [
      'with another timeout',
      true,
      [`{name: login, ${LOGIN}, ${to(1)}, timeout: 9s}`],
    ],
    [
      'with its fields in another order',
      true,
      [`{${to(1)}, match: [{port: 80, uri: {prefix: /login}}], name: login}`],
    ],
    [
      'for other requests',
      false,
      [`{name: login, match: [{port: 81}], ${to(1)}}`],
    ],
    ['for all requests', false, [`{name: login, ${to(1)}}`]],
    ['under another name', false, [`{name: logout, ${LOGIN}, ${to(1)}}`]],
    ['gone', false, []],
    [
      'below another one',
      false,
      [`{${to(1)}}`, `{name: login, ${LOGIN}, ${to(90, 10)}}`],
    ],
  ])('is that of a rule %s: %p', (_name, is, rules) => {
    expect(isNamed(setOf(...rules), first, name)).toBe(is);
  });

  it('is that of a route of the Gateway API as long as it takes the same requests', () => {
    const source = {
      object: {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        namespace: 'one',
        name: 'a',
      },
      at: ['spec', 'rules', 0],
    };
    const routeOf = (rule: string) =>
      setFromYaml(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a, namespace: one}
spec: {rules: [${rule}]}
`);
    const matches = 'matches: [{path: {value: /a}}]';
    const seenRoute = nameRule(
      routeOf(`{${matches}, backendRefs: [{name: a, weight: 1}]}`),
      source,
    );
    expect(
      [
        `{${matches}, backendRefs: [{name: a, weight: 9}]}`,
        '{matches: [{path: {value: /b}}], backendRefs: [{name: a}]}',
        '{backendRefs: [{name: a}]}',
      ].map(rule => isNamed(routeOf(rule), source, seenRoute)),
    ).toEqual([true, false, false]);
  });

  it('is for one object and one place', () => {
    const set = setOf(`{${to(1)}}`, `{${to(1)}}`);
    const second = { ...first, at: ['spec', 'http', 1] };
    expect(isNamed(set, second, nameRule(set, first))).toBe(false);
    expect(
      isNamed(set, first, {
        ...nameRule(set, first),
        object: { ...first.object, namespace: 'two' },
      }),
    ).toBe(false);
  });
});
