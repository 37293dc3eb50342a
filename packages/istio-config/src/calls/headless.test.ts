import { deployment } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';

const service = (name: string, spec: string) => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: lab}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 8080}, {name: http-alt, port: 8081}]${spec}}
---`;
const pod = (name: string, app: string, address: string, sidecar = true) =>
  deployment(name, { app, version: name, namespace: 'lab', sidecar }).replace(
    'status: {',
    `status: {podIP: ${address}, `,
  );
const MESH = `
${service('store', ', clusterIP: None')}
${pod('store-one', 'store', '10.0.0.1')}
${pod('store-two', 'store', '10.0.0.2')}
${service('shelf', '')}
${pod('shelf', 'shelf', '10.0.0.3')}
${deployment('front', { namespace: 'lab' })}
${deployment('door', { namespace: 'lab' })}
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: web, namespace: lab}
spec:
  selector: {app: door}
  servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}]
---
`;
const rule = (host: string, destination: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: rule, namespace: lab}
spec: {hosts: [${host}], gateways: [mesh, web], http: [{route: [{destination: ${destination}}]}]}
---
`;
const SUBSETS = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: store, namespace: lab}
spec: {host: store, subsets: [{name: two, labels: {version: store-two}}, {name: none, labels: {version: x}}]}
---
`;
const mtls = (mode: string, selector = '') => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: peer${selector.length}, namespace: lab}
spec: {${selector}mtls: {mode: ${mode}}}
---
`;
const OF_ONE = 'selector: {matchLabels: {version: store-one}}, ';

const ask = (
  objects: string,
  to = 'store',
  address?: string,
  past?: string,
) => {
  const set = setFromYaml(`${MESH}${objects}`);
  const outcomes = foretellCall(set, {
    protocol: 'http',
    from: findWorkload(set, 'lab', 'front')!,
    ...(past
      ? {
          gateway: {
            name: 'lab/web',
            workload: findWorkload(set, 'lab', 'door')!,
          },
        }
      : {}),
    to: { namespace: 'lab', name: to },
    host: `${to}.lab.svc.cluster.local`,
    ...(address ? { address } : {}),
    port: 8080,
    path: '/',
  });
  return outcomes.map(outcome =>
    outcome.type === 'reaches'
      ? `${outcome.pod.replace(/^.*\/|-abc12-xyz$/g, '')}:${outcome.port}`
      : outcome.type === 'answered' && outcome.status,
  );
};

describe('a headless Service is asked at the address that was called', () => {
  it.each([
    [
      'by each of its pods',
      '',
      undefined,
      ['store-one:8080', 'store-two:8080'],
    ],
    ['of one of them', '', '10.0.0.2', ['store-two:8080']],
    [
      'whatever the subset',
      SUBSETS + rule('store', '{host: store, subset: two}'),
      '10.0.0.1',
      ['store-one:8080'],
    ],
    [
      '… even of one that nobody is in',
      SUBSETS + rule('store', '{host: store, subset: none}'),
      '10.0.0.1',
      ['store-one:8080'],
    ],
    [
      'and on the port that was called',
      rule('store', '{host: store, port: {number: 8081}}'),
      '10.0.0.1',
      ['store-one:8080'],
    ],
    [
      'but not by a subset that there is not',
      rule('store', '{host: store, subset: gone}'),
      '10.0.0.1',
      [503],
    ],
    [
      'unless a rule leads to another Service',
      rule('store', '{host: shelf}'),
      '10.0.0.1',
      ['shelf:8080'],
    ],
  ])('%s', (_name, objects, address, expected) => {
    expect(ask(objects, 'store', address)).toEqual(expected);
  });

  it('… of another Service, too, where nobody has the account that is expected', () => {
    const toStore = rule('shelf', '{host: store}');
    expect(ask(toStore, 'shelf')).toEqual([503]);
    expect(ask(toStore + mtls('DISABLE'), 'shelf')).toEqual(['shelf:8080']);
  });

  it('and past a gateway as any other', () => {
    const objects = SUBSETS + rule('store', '{host: store, subset: two}');
    expect(ask(objects, 'store', '10.0.0.1', 'gateway')).toEqual([
      'store-two:8080',
    ]);
  });
});

describe('the pods of a headless Service are called alike', () => {
  it('with mTLS, though one of them takes none', () => {
    const without = rule('store', '{host: store}') + mtls('DISABLE', OF_ONE);
    expect(ask(without)).toEqual([503, 'store-two:8080']);
    expect(ask(without, 'shelf')).toEqual(['shelf:8080']);
    // A gateway knows each of them.
    expect(ask(without, 'store', undefined, 'gateway')).toEqual([
      'store-one:8080',
      'store-two:8080',
    ]);
  });

  it('without it where one of them has no proxy', () => {
    const bare = pod('store-bare', 'store', '10.0.0.9', false);
    expect(ask(bare + mtls('STRICT'))).toEqual([503, 503, 'store-bare:8080']);
  });
});
