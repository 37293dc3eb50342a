import { routeLines } from '../__testUtils__/routeLines';
import { deployment } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { effectiveRoutes } from './effectiveRoutes';
import { matchRequest } from './matchRequest';

const service = (name: string, ports: string) => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: orion}
spec: {selector: {app: ${name}}, ports: [${ports}]}
---
`;
const HTTP = '{name: http, port: 8080}';
const TLS = '{name: tls, port: 8443}';
const TCP = '{name: tcp, port: 5432}';

const routes = (
  ports: string,
  spec: string,
  query: { port?: number; labels?: Record<string, string> } = {},
) =>
  effectiveRoutes(
    setFromYaml(`${service('a', ports)}${service(
      'b',
      `${HTTP}, ${TCP}`,
    )}${deployment('a')}${deployment('b')}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: orion}
spec: {hosts: [a, "*.example.com"], ${spec}}
`),
    {
      namespace: 'orion',
      service: 'a',
      from: { type: 'mesh', namespace: 'orion', labels: query.labels },
      port: query.port,
    },
  );

const to = (host: string, more = '') => `{destination: {host: ${host}${more}}}`;

describe('effectiveRoutes on ports that carry connections', () => {
  it.each<
    [
      string,
      string,
      string,
      { port?: number; labels?: Record<string, string> },
      string[],
    ]
  >([
    [
      'weights of a TCP route',
      TCP,
      `tcp: [{route: [{destination: {host: a}, weight: 1}, {destination: {host: b, port: {number: 5432}}, weight: 3}]}]`,
      {},
      ['everything → a.orion 25 %, b.orion:5432 75 %'],
    ],
    [
      'a TCP route by port, and the rest to the Service',
      `${TCP}, ${TLS}`,
      `tcp: [{match: [{port: 5432}], route: [${to(
        'b',
        ', port: {number: 5432}',
      )}]}]`,
      {},
      ['port 5432 → b.orion:5432', 'everything else → a.orion'],
    ],
    [
      'nothing for another port',
      `${TCP}, ${TLS}`,
      `tcp: [{match: [{port: 5432}], route: [${to('b')}]}]`,
      { port: 8443 },
      ['everything → a.orion'],
    ],
    [
      'a TLS route by SNI',
      TLS,
      `tls: [{match: [{sniHosts: [x.example.com], destinationSubnets: [10.0.0.0/8]}], route: [${to(
        'a',
      )}]}]`,
      {},
      [
        'SNI x.example.com, to 10.0.0.0/8 → a.orion',
        'everything else → a.orion',
      ],
    ],
    [
      'no TCP rules on a TLS port',
      TLS,
      `tcp: [{route: [${to(
        'a',
      )}]}], tls: [{match: [{sniHosts: ["*.example.com"]}], route: [${to(
        'b',
        ', port: {number: 8080}',
      )}]}]`,
      {},
      ['SNI *.example.com → b.orion:8080', 'everything else → a.orion'],
    ],
    [
      'a rule for other callers',
      TCP,
      `tcp: [{match: [{sourceLabels: {app: x}}], route: [${to('b')}]}]`,
      { labels: { app: 'y' } },
      ['everything → a.orion'],
    ],
    [
      'no HTTP rules on them',
      TCP,
      `http: [{route: [${to('b')}]}]`,
      {},
      ['everything → a.orion'],
    ],
    [
      'no TCP rules on an HTTP port',
      `${HTTP}, ${TCP}`,
      `tcp: [{route: [${to('b')}]}], http: [{timeout: 1s, route: [${to(
        'a',
        ', port: {number: 8080}',
      )}]}]`,
      { port: 8080 },
      ['everything → a.orion:8080; times out after 1 s'],
    ],
  ])('%s', (_, ports, spec, query, expected) => {
    expect(routeLines(routes(ports, spec, query))).toEqual(expected);
  });

  it('matches the SNI, and says that a connection is closed', () => {
    const decided = routes(
      TLS,
      `tls: [{match: [{sniHosts: ["*.example.com"]}], route: [${to('a')}]}]`,
    );
    const ask = (sni: string) =>
      matchRequest(decided, { method: '', path: '', sni });
    expect(ask('x.example.com').why).toBe('because the SNI is *.example.com');
    expect(ask('x.org')).toMatchObject({
      rule: { index: 1, isPassthrough: true },
      skipped: [{ why: 'the SNI is not *.example.com' }],
    });
    expect(
      matchRequest(
        { ...decided, rules: decided.rules.slice(0, 1) },
        { method: '', path: '', sni: 'x.org' },
      ).why,
    ).toBe('no rule fits, so the connection is closed');
  });

  it('notes a destination with several ports of which none is named', () => {
    const destinationOf = (more: string) =>
      routes(TCP, `tcp: [{route: [${to('b', more)}]}]`).rules[0]
        .destinations[0];
    expect(destinationOf('').portNotNamed).toBe(true);
    expect(
      destinationOf(', port: {number: 5432}').portNotNamed,
    ).toBeUndefined();
  });
});
