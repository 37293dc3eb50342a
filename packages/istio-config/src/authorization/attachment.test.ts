import { objectsFor } from '../findings/objectsFor';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { callerAccess } from './callerAccess';
import { attachedTo, requestPolicies, tokenReadersBefore } from './enforcement';
import { evaluateAccess } from './evaluateAccess';

/** Two services in ambient mode, `cart` behind a waypoint, and a Kubernetes Gateway with its pods. */
const MESH = `
apiVersion: v1
kind: Namespace
metadata: {name: mall, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: mall, labels: {istio.io/use-waypoint: way}}
spec: {selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: stock, namespace: mall}
spec: {selector: {app: stock}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: mall}
spec: {template: {metadata: {labels: {app: cart}}, spec: {containers: [{name: app}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock, namespace: mall}
spec: {template: {metadata: {labels: {app: stock}}, spec: {containers: [{name: app}]}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: way, namespace: mall}
spec: {gatewayClassName: istio-waypoint}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: door, namespace: mall}
spec: {gatewayClassName: istio}
---
`;
const WEB = 'cluster.local/ns/mall/sa/web';
const CART = { namespace: 'mall', name: 'cart' };
const DOOR = {
  namespace: 'mall',
  labels: { 'gateway.networking.k8s.io/gateway-name': 'door', app: 'door' },
};
const target = (kind: string, name: string) =>
  `targetRefs: [{group: ${
    kind === 'Service' ? '""' : 'gateway.networking.k8s.io'
  }, kind: ${kind}, name: ${name}}]`;
const object = (kind: string, name: string, spec: string) => `
apiVersion: security.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: mall}
spec: ${spec}
---
`;
const POLICIES = [
  ['on-cart', target('Service', 'cart')],
  ['on-stock', target('Service', 'stock')],
  ['on-way', target('Gateway', 'way')],
  ['on-door', target('Gateway', 'door')],
  ['on-app', 'selector: {matchLabels: {app: stock}}'],
]
  .flatMap(([name, where]) => [
    object('AuthorizationPolicy', name, `{${where}, rules: [{}]}`),
    object(
      'RequestAuthentication',
      name,
      `{${where}, jwtRules: [{issuer: i}]}`,
    ),
  ])
  .join('');
const names = (
  objects: readonly { kind: string; metadata: { name: string } }[],
) => objects.map(({ metadata }) => metadata.name).sort();

describe('what is attached to a Service', () => {
  it.each([
    ['its own targets and its waypoint’s', 'cart', ['on-cart', 'on-way']],
    ['its workload’s selector, where no waypoint is', 'stock', ['on-app']],
  ])('is %s', (_name, name, expected) => {
    const set = setFromYaml(MESH + POLICIES);
    const service = { namespace: 'mall', name };
    for (const kind of [
      'AuthorizationPolicy',
      'RequestAuthentication',
    ] as const) {
      expect(names(attachedTo(set, kind, service))).toEqual(expected);
    }
    expect(
      names(
        objectsFor(set, 'mall', name).filter(({ kind }) =>
          kind.endsWith('Policy'),
        ),
      ),
    ).toEqual(expected);
  });

  it('is what decides there', () => {
    const set = setFromYaml(MESH + POLICIES);
    const [cart, stock] = ['cart', 'stock'].map(
      name => findWorkload(set, 'mall', name)!,
    );
    expect(names(requestPolicies(set, cart, CART))).toEqual([
      'on-cart',
      'on-way',
    ]);
    expect(names(tokenReadersBefore(set, cart, CART))).toEqual([
      'on-cart',
      'on-way',
    ]);
    // ztunnel reads no tokens.
    expect(
      tokenReadersBefore(set, stock, { namespace: 'mall', name: 'stock' }),
    ).toEqual([]);
  });
});

describe('callers behind a waypoint', () => {
  const access = (policies: string, principal: string | undefined = WEB) => {
    const set = setFromYaml(MESH + policies);
    const workload = findWorkload(set, 'mall', 'cart')!;
    return callerAccess(set, workload, {
      principal,
      port: 8080,
      service: CART,
    });
  };
  const rule = (principal: string) =>
    `rules: [{from: [{source: {principals: ["${principal}"]}}]}]`;

  it.each([
    [
      'the Service’s policy names another',
      `${target('Service', 'cart')}, ${rule('x')}`,
      'no',
    ],
    [
      'the Service’s policy names it',
      `${target('Service', 'cart')}, ${rule(WEB)}`,
      'yes',
    ],
    [
      'the policy is another Service’s',
      `${target('Service', 'stock')}, ${rule('x')}`,
      'yes',
    ],
    [
      'the workload’s policy does not know the waypoint',
      `selector: {matchLabels: {app: cart}}, ${rule(WEB)}`,
      'no',
    ],
    [
      'the workload’s policy names the waypoint',
      `selector: {matchLabels: {app: cart}}, ${rule(
        'cluster.local/ns/mall/sa/way',
      )}`,
      'yes',
    ],
    [
      'the waypoint’s policy is about requests',
      `${target(
        'Gateway',
        'way',
      )}, rules: [{to: [{operation: {methods: [GET]}}]}]`,
      'partly',
    ],
  ])('%s', (_name, spec, allowed) => {
    expect(
      access(object('AuthorizationPolicy', 'p', `{${spec}}`)).allowed,
    ).toBe(allowed);
  });
});

describe('the pods of a Kubernetes Gateway', () => {
  it.each([
    ['a target', target('Gateway', 'door'), false],
    ['a target that is another Gateway', target('Gateway', 'way'), true],
    ['a target that is a Service', target('Service', 'door'), true],
    ['a selector', 'selector: {matchLabels: {app: door}}', false],
  ])('are bound by %s: %#', (_name, where, allowed) => {
    const set = setFromYaml(object('AuthorizationPolicy', 'p', `{${where}}`));
    expect(evaluateAccess(set, DOOR, { port: 80 }).allowed).toBe(allowed);
    const reading = setFromYaml(
      object(
        'RequestAuthentication',
        'r',
        `{${where}, jwtRules: [{issuer: i}]}`,
      ),
    );
    expect(
      evaluateAccess(reading, DOOR, {
        port: 80,
        jwt: { claims: { iss: 'another' } },
      }).status,
    ).toBe(allowed ? undefined : 401);
  });

  it('know no selectors where they are a waypoint', () => {
    const set = setFromYaml(
      object(
        'AuthorizationPolicy',
        'p',
        '{selector: {matchLabels: {app: door}}}',
      ),
    );
    const labels = {
      ...DOOR.labels,
      'gateway.istio.io/managed': 'istio.io-mesh-controller',
    };
    expect(
      evaluateAccess(set, { namespace: 'mall', labels }, { port: 80 }).allowed,
    ).toBe(true);
  });
});
