import { setFromYaml } from '../setFromYaml';
import { ambientOf } from './enrolment';
import { proxyResources } from './proxyResources';
import { parseQuantity } from './quantity';
import { portProtocols } from './servicePorts';
import { ingressUsesWaypoint, waypointFor } from './waypoints';
import { findWorkload, workloadsOf } from './workloads';

const MODE = 'istio.io/dataplane-mode';
const namespaceOf = (labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'orion', labels },
});

describe('ambientOf', () => {
  it.each([
    ['a labelled namespace', { [MODE]: 'ambient' }, {}, {}, true],
    [
      'a pod that opts out',
      { [MODE]: 'ambient' },
      { [MODE]: 'none' },
      {},
      false,
    ],
    ['a pod that opts in', {}, { [MODE]: 'ambient' }, {}, true],
    ['no label', {}, {}, {}, false],
    [
      'a pod with a sidecar',
      { [MODE]: 'ambient' },
      {},
      { annotations: { 'sidecar.istio.io/status': '{}' } },
      false,
    ],
    [
      'a pod on the host network',
      { [MODE]: 'ambient' },
      {},
      { hostNetwork: true },
      false,
    ],
  ])(
    '%s',
    (_name, space, labels, { annotations, hostNetwork }: any, expected) => {
      const { isAmbient, reason } = ambientOf(namespaceOf(space), {
        metadata: { labels, annotations },
        hostNetwork,
      });
      expect(isAmbient).toBe(expected);
      expect(reason).not.toBe('');
    },
  );

  it('makes the data plane of a workload, unless it has a sidecar', () => {
    const set = setFromYaml(`
apiVersion: v1
kind: Namespace
metadata: {name: orion, labels: {${MODE}: ambient}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: orion}
spec: {template: {metadata: {labels: {app: a}}, spec: {containers: [{name: app}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: b, namespace: orion}
spec: {template: {spec: {containers: [{name: istio-proxy}]}}}
`);
    expect(
      ['a', 'b'].map(name => findWorkload(set, 'orion', name)?.dataPlane),
    ).toEqual(['ambient', 'sidecar']);
  });
});

describe('waypointFor', () => {
  const gateway = (more = '', spec = '') => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: way, namespace: orion${more}}
spec: {gatewayClassName: istio-waypoint${spec}}
---
`;
  const space = (labels: string) => `
apiVersion: v1
kind: Namespace
metadata: {name: orion, labels: {${labels}}}
---
`;
  const USE = 'istio.io/use-waypoint';
  const all = ', labels: {istio.io/waypoint-for: all}';
  it.each([
    ['no label', gateway(), 'service', {}, false, undefined],
    [
      'the label of the Service',
      gateway(),
      'service',
      { [USE]: 'way' },
      true,
      undefined,
    ],
    [
      'that of the namespace',
      gateway() + space(`${USE}: way`),
      'service',
      {},
      true,
      undefined,
    ],
    [
      'none, against the namespace',
      gateway() + space(`${USE}: way`),
      'service',
      { [USE]: 'none' },
      false,
      undefined,
    ],
    [
      'a waypoint that is not there',
      '',
      'service',
      { [USE]: 'way' },
      false,
      'there is no Gateway orion/way',
    ],
    [
      'one without an address',
      `${gateway().replace('---', 'status: {addresses: []}\n---')}`,
      'service',
      { [USE]: 'way' },
      false,
      'it is not ready: it has no address',
    ],
    [
      'one for Services, by a pod',
      gateway(),
      'workload',
      { [USE]: 'way' },
      false,
      'it is for service traffic (istio.io/waypoint-for)',
    ],
    [
      'one for Services, by the pod’s namespace',
      gateway() + space(`${USE}: way`),
      'workload',
      {},
      false,
      undefined,
    ],
    [
      'one for all, by a pod',
      gateway(all),
      'workload',
      { [USE]: 'way' },
      true,
      undefined,
    ],
    [
      'one of another namespace',
      gateway().replace('orion', 'ways'),
      'service',
      { [USE]: 'way', [`${USE}-namespace`]: 'ways' },
      false,
      'its listener does not take namespace orion',
    ],
    [
      'one of another namespace that takes all',
      gateway(
        '',
        ', listeners: [{allowedRoutes: {namespaces: {from: All}}}]',
      ).replace('orion', 'ways'),
      'service',
      { [USE]: 'way', [`${USE}-namespace`]: 'ways' },
      true,
      undefined,
    ],
  ] as const)('%s', (_name, yaml, type, labels, isUsed, problem) => {
    const answer = waypointFor(setFromYaml(yaml), {
      type,
      namespace: 'orion',
      labels,
    });
    expect(answer.waypoint !== undefined).toBe(isUsed);
    expect(answer.problem).toBe(problem);
  });

  it('knows the waypoint’s identity, and whether ingress passes it', () => {
    const set = setFromYaml(
      gateway(', annotations: {gateway.istio.io/service-account: own}') +
        space('istio.io/ingress-use-waypoint: "true"'),
    );
    expect(
      waypointFor(set, {
        type: 'service',
        namespace: 'orion',
        labels: { [USE]: 'way' },
      }).principal,
    ).toBe('cluster.local/ns/orion/sa/own');
    expect(
      ingressUsesWaypoint(set, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'a', namespace: 'orion' },
      }),
    ).toBe(true);
  });
});

describe('portProtocols', () => {
  it.each([
    [{ port: 80, name: 'http-web' }, 'HTTP', 'name'],
    [{ port: 80, name: 'web' }, 'auto', 'detection'],
    [{ port: 80 }, 'auto', 'detection'],
    [{ port: 80, name: 'http', appProtocol: 'tcp' }, 'TCP', 'appProtocol'],
    [{ port: 80, name: 'http', appProtocol: 'nonsense' }, 'auto', 'detection'],
    [
      { port: 80, name: 'x', appProtocol: 'kubernetes.io/h2c' },
      'HTTP2',
      'appProtocol',
    ],
    [{ port: 80, name: 'grpc-web-x' }, 'GRPC-Web', 'name'],
    [{ port: 80, name: 'grpc-x' }, 'GRPC', 'name'],
    [{ port: 3306, name: 'db' }, 'TCP', 'port'],
    [{ port: 53, protocol: 'UDP', name: 'http' }, 'UDP', 'protocol'],
  ])('%j', (port, protocol, from) => {
    const [answer] = portProtocols({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a' },
      spec: { ports: [port] },
    });
    expect(answer).toMatchObject({ protocol, from });
  });
});

describe('proxyResources', () => {
  const of = (annotations: Record<string, string>) =>
    proxyResources({
      metadata: {
        annotations: Object.fromEntries(
          Object.entries(annotations).map(([name, value]) => [
            `sidecar.istio.io/${name}`,
            value,
          ]),
        ),
      },
    });
  it.each([
    ['nothing said', {}, { cpu: '100m', memoryLimit: '1024Mi' }, []],
    [
      'one annotation, which puts all defaults aside',
      { proxyCPU: '50m' },
      { cpu: '50m' },
      [],
    ],
    [
      'a limit alone, which is the request too',
      { proxyMemoryLimit: '1Gi' },
      { memory: '1Gi', memoryLimit: '1Gi' },
      [],
    ],
    [
      'a limit below its request',
      { proxyCPU: '1', proxyCPULimit: '900m' },
      {},
      ['sidecar.istio.io/proxyCPULimit'],
    ],
    [
      'units that differ',
      { proxyMemory: '1G', proxyMemoryLimit: '1Gi' },
      {},
      [],
    ],
    [
      'no quantity',
      { proxyCPU: 'lots' },
      { cpu: 'lots' },
      ['sidecar.istio.io/proxyCPU'],
    ],
  ])('%s', (_name, annotations, effective, warned) => {
    const answer = of(annotations as Record<string, string>);
    expect(answer.effective).toMatchObject(effective);
    expect(answer.warnings.map(({ annotation }) => annotation)).toEqual(warned);
  });

  it.each([
    ['100m', 0.1],
    ['1.5', 1.5],
    ['128Mi', 134_217_728],
    ['1e3', 1000],
    [2, 2],
    ['1 Gi', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });
});

describe('a Rollout of Argo', () => {
  const service = `
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: a}
spec: {selector: {app: shop}}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop, namespace: a}
spec: {template: {metadata: {labels: {app: shop, version: v2}}}}
`;
  const pod = (hash: string, version: string) => `---
apiVersion: v1
kind: Pod
metadata:
  name: shop-${hash}-x
  namespace: a
  labels: {app: shop, version: ${version}, rollouts-pod-template-hash: ${hash}}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: shop-${hash}, controller: true}]
status: {conditions: [{type: Ready, status: "True"}]}
`;
  const seen = (yaml: string) =>
    workloadsOf(setFromYaml(yaml), 'a', 'shop').map(
      ({ kind, name, canonicalRevision, labels, readyPods }) => [
        `${kind} ${name} ${canonicalRevision}`,
        labels['rollouts-pod-template-hash'],
        readyPods,
      ],
    );

  it('is a workload for each version that has pods', () => {
    expect(seen(`${service}${pod('aaa', 'v1')}${pod('bbb', 'v2')}`)).toEqual([
      ['Rollout shop v1', 'aaa', 1],
      ['Rollout shop v2', 'bbb', 1],
    ]);
  });

  it('is one by its template while it has none', () => {
    expect(seen(service)).toEqual([['Rollout shop v2', undefined, 0]]);
  });
});
