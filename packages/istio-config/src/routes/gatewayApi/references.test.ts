import { service } from '../../__fixtures__/orion';
import { setFromYaml } from '../../setFromYaml';
import { effectiveRoutesOfHost } from '../effectiveRoutesOfHost';

const route = (id: string, spec: string) => {
  const [namespace, name] = id.split('/');
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ${namespace}}
spec: {${spec}, rules: [{matches: [{path: {value: /p}}], filters: [{type: RequestRedirect, requestRedirect: {hostname: x.test}}]}]}
---
`;
};
const DOOR = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: orion}
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: "*.example.com", allowedRoutes: {namespaces: {from: All}}}
---
`;
const AT_DOOR = 'parentRefs: [{name: web, namespace: orion}]';
const EXAMPLES = `${AT_DOOR}, hostnames: ["*.example.com"]`;
const OF_A = 'parentRefs: [{group: "", kind: Service, name: a}]';

describe('routes of one age', () => {
  it.each<[string, string, string[]]>([
    [
      'of one namespace: the one first whose name goes on',
      ['web', 'web-2', 'web2']
        .map(name => route(`orion/${name}`, OF_A))
        .join(''),
      ['web-2', 'web2', 'web'],
    ],
    [
      'at a gateway: the first namespace first',
      route('beta/early', EXAMPLES) + route('alpha/late', EXAMPLES),
      ['late', 'early'],
    ],
    [
      'what one host is written for is of the first namespace, and not of the gateway’s own',
      route('beta/any', AT_DOOR) +
        route('orion/early', EXAMPLES) +
        route('alpha/late', EXAMPLES),
      ['any', 'late', 'early'],
    ],
  ])('%s', (_name, yaml, expected) => {
    const set = setFromYaml(`${service('a')}${DOOR}${yaml}`);
    const isAtDoor = yaml.includes(AT_DOOR);
    const { rules } = isAtDoor
      ? effectiveRoutesOfHost(set, 'x.example.com', {
          gateway: 'orion/web',
          port: 80,
        })
      : effectiveRoutesOfHost(set, 'a.orion.svc.cluster.local', {
          from: { type: 'mesh', namespace: 'orion' },
          port: 8080,
        });
    expect(rules.map(({ source }) => source?.object.name)).toEqual(expected);
  });
});
