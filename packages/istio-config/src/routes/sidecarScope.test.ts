import { routeLines } from '../__testUtils__/routeLines';
import { deployment, service } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { effectiveRoutes } from './effectiveRoutes';
import { effectiveRoutesOfHost } from './effectiveRoutesOfHost';
import { sidecarScopeOf } from './sidecarScope';

const BASE = `${service('a')}${deployment('a')}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: orion}
spec: {hosts: [a], http: [{timeout: 3s, route: [{destination: {host: a}}]}]}
---
`;

const sidecar = (
  name: string,
  spec: string,
  { namespace = 'client', created = '2026-01-01' } = {},
) => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}T00:00:00Z"}
spec: ${spec}
---
`;

const routes = (yaml: string, labels?: Record<string, string>, port?: number) =>
  effectiveRoutes(setFromYaml(BASE + yaml), {
    namespace: 'orion',
    service: 'a',
    from: { type: 'mesh', namespace: 'client', labels },
    port,
  });

const HOST = 'a.orion.svc.cluster.local';
const IN = ['everything → a.orion; times out after 3 s'];
const WITHOUT_RULES = ['everything → a.orion'];

describe('the Sidecar of the caller', () => {
  it.each<[string, string[]]>([
    ['*/*', IN],
    [`*/${HOST}`, IN],
    ['orion/*', IN],
    [`orion/${HOST}`, IN],
    ['orion/*.orion.svc.cluster.local', IN],
    ['./*', WITHOUT_RULES],
    ['client/*', WITHOUT_RULES],
    ['~/*', WITHOUT_RULES],
    ['orion/a', WITHOUT_RULES],
    ['nonsense', WITHOUT_RULES],
    ['*/*, ~orion/*', WITHOUT_RULES],
    [`orion/*, ~orion/${HOST}`, WITHOUT_RULES],
    [`*/*, ~/${HOST}`, WITHOUT_RULES],
    ['*/*, ~other/*', IN],
  ])('that imports %s', (hosts, expected) => {
    const list = hosts.split(', ').map(host => `"${host}"`);
    const decided = routes(sidecar('s', `{egress: [{hosts: [${list}]}]}`));
    expect(routeLines(decided)).toEqual(expected);
    expect(decided.outOfScope?.outcome).toBe(
      expected === IN ? undefined : 'passthrough',
    );
  });

  it.each([
    ['the mesh’s policy', '', 'passthrough'],
    ['its own, by default closed', ', outboundTrafficPolicy: {}', 'blocked'],
    [
      'its own, open',
      ', outboundTrafficPolicy: {mode: ALLOW_ANY}',
      'passthrough',
    ],
  ])('sends what it does not import by %s', (_, policy, outcome) => {
    const decided = routes(
      sidecar('s', `{egress: [{hosts: ["./*"]}]${policy}}`),
    );
    expect(decided.outOfScope).toMatchObject({
      outcome,
      why: `Sidecar client/s does not import ${HOST}`,
    });
    expect(routeLines(decided)).toEqual(
      outcome === 'blocked' ? ['everything → answered 502'] : WITHOUT_RULES,
    );
  });

  it('keeps a Service whose VirtualService it does not import', () => {
    const yaml = `${sidecar('s', '{egress: [{hosts: ["orion/*"]}]}')}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: orion}
spec: {hosts: [a], exportTo: [orion], http: [{route: [{destination: {host: nowhere}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: third, namespace: third}
spec: {hosts: [${HOST}], http: [{route: [{destination: {host: nowhere}}]}]}
---
`;
    const decided = routes(yaml);
    expect(routeLines(decided)).toEqual(WITHOUT_RULES);
    expect(decided.losers).toEqual([
      {
        object: expect.objectContaining({ name: 'third' }),
        why: 'the Sidecar of the caller does not import it',
      },
    ]);
  });

  it('asks the first listener for the port', () => {
    const yaml = sidecar(
      's',
      '{egress: [{port: {number: 8080}, hosts: ["./*"]}, {hosts: ["*/*"]}]}',
    );
    expect(routes(yaml).outOfScope).toBeDefined();
    expect(routes(yaml, undefined, 9090).outOfScope).toBeUndefined();
  });

  it.each<[string, Record<string, string> | undefined, string | undefined]>([
    ['one that selects it, the oldest', { app: 'x' }, 'old-x'],
    ['the namespace’s own, the oldest', { app: 'y' }, 'default'],
    ['the namespace’s own, where no workload is named', undefined, 'default'],
  ])('is %s', (_, labels, expected) => {
    const set = setFromYaml(
      sidecar('young-x', '{workloadSelector: {labels: {app: x}}}', {
        created: '2026-03-01',
      }) +
        sidecar('old-x', '{workloadSelector: {labels: {app: x}}}', {
          created: '2026-02-01',
        }) +
        sidecar('default', '{}') +
        sidecar('younger', '{}', { created: '2026-02-01' }) +
        sidecar('root', '{}', { namespace: 'istio-system' }),
    );
    expect(
      sidecarScopeOf(set, { namespace: 'client', labels }).sidecar?.name,
    ).toBe(expected);
    expect(sidecarScopeOf(set, { namespace: 'elsewhere' }).sidecar?.name).toBe(
      'root',
    );
  });

  it('is not asked in ambient mode, nor at a gateway', () => {
    const yaml = `${sidecar('s', '{egress: [{hosts: ["~/*"]}]}')}
apiVersion: v1
kind: Namespace
metadata: {name: client, labels: {istio.io/dataplane-mode: ambient}}
`;
    expect(routes(yaml).outOfScope).toBeUndefined();
  });

  it('fills in the caller’s namespace in the root’s Sidecar', () => {
    const root = sidecar('root', '{egress: [{hosts: ["./*"]}]}', {
      namespace: 'istio-system',
    });
    expect(routes(root).outOfScope).toBeDefined();
    expect(routes(root.replace('./*', 'orion/*')).outOfScope).toBeUndefined();
  });
});

describe('hosts that are no Service', () => {
  const entry = (more: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: e, namespace: orion}
spec: {hosts: [pay.example.com], ports: [{number: 443, name: p, protocol: TLS}]${more}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: e, namespace: orion}
spec: {hosts: [pay.example.com], tls: [{match: [{sniHosts: [pay.example.com]}], route: [{destination: {host: pay.example.com}}]}]}
---
`;
  const ask = (yaml: string, host = 'pay.example.com') =>
    effectiveRoutesOfHost(setFromYaml(yaml), host, {
      from: { type: 'mesh', namespace: 'client' },
    });

  it.each<[string, string, string[], string | undefined]>([
    [
      'a ServiceEntry’s has the rules of its VirtualService',
      entry(''),
      [
        'SNI pay.example.com → pay.example.com',
        'everything else → pay.example.com',
      ],
      undefined,
    ],
    [
      'one that is not exported is passed through',
      entry(', exportTo: ["."]'),
      ['everything → pay.example.com'],
      'ServiceEntry orion/e is not exported to client',
    ],
    [
      'so is one that nobody registered',
      '',
      ['everything → pay.example.com'],
      'neither a Service nor a ServiceEntry has the host pay.example.com',
    ],
    [
      'unless the Sidecar closes that',
      sidecar('s', '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}}'),
      ['everything → answered 502'],
      'neither a Service nor a ServiceEntry has the host pay.example.com',
    ],
  ])('%s', (_, yaml, lines, why) => {
    expect(routeLines(ask(yaml))).toEqual(lines);
    expect(ask(yaml).outOfScope?.why).toBe(why);
  });

  it('hides a Service that its annotation exports elsewhere', () => {
    const yaml = BASE.replace(
      'metadata: {name: a, namespace: orion}\nspec: {selector',
      'metadata: {name: a, namespace: orion, annotations: {networking.istio.io/exportTo: "., third"}}\nspec: {selector',
    );
    expect(ask(yaml, HOST).outOfScope?.why).toBe(
      'Service orion/a is not exported to client',
    );
    expect(
      effectiveRoutesOfHost(setFromYaml(yaml), HOST, {
        from: { type: 'mesh', namespace: 'third' },
      }).outOfScope,
    ).toBeUndefined();
  });
});
