import { analyzeObjects } from './analyzeObjects';
import { readYaml } from './readYaml';

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec: {selector: {app: a}, ports: [{name: http, port: 80}]}
---
`;
const pod = (name: string, more = '', containers = '{name: app}') => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}, version: v1}}
spec: {containers: [${containers}]}
${more}
---
`;
const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: shop}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a, version: v1}}
    spec: {containers: [{name: app, image: x}]}
---
`;
const istio = (kind: string, spec: string, group = 'networking') => `
apiVersion: ${group}.istio.io/v1
kind: ${kind}
metadata: {name: r, namespace: shop}
spec: ${spec}
---
`;
const route = (host: string, more = '') =>
  istio(
    'VirtualService',
    `{hosts: [a], http: [{route: [{destination: {host: ${host}${more}}}]}]}`,
  );
const rule = istio(
  'DestinationRule',
  '{host: a, subsets: [{name: v1, labels: {version: v1}}]}',
);
const policy = istio(
  'AuthorizationPolicy',
  '{selector: {matchLabels: {app: a}}, rules: [{}]}',
  'security',
);
const gateway = istio(
  'Gateway',
  '{selector: {istio: ingressgateway}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["a.b"], tls: {mode: SIMPLE, credentialName: c}}]}',
);
const mutual = istio(
  'DestinationRule',
  '{host: a, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}',
);
const namespace = (metadata = '') =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop${metadata}}\n---\n`;
const READY = "status: {conditions: [{type: Ready, status: 'True'}]}";

/** What files do not show is nobody's mistake; what they show to be wrong is. */
const CASES: [name: string, yaml: string, expected: string[]][] = [
  ['a route to a service of elsewhere', route('b'), []],
  ['a route past the services there are', route('b') + SERVICE, ['IST0101']],
  [
    'a route to another team’s namespace',
    route('b.pay.svc.cluster.local') + SERVICE,
    [],
  ],
  ['a rule for a service of elsewhere', rule, []],
  ['a gateway without its pods', gateway + SERVICE + DEPLOYMENT, []],
  ['a namespace without a label', namespace(), []],
  ['the same, of a cluster', namespace(', uid: x'), ['IST0102']],
  [
    'pods of a manifest',
    SERVICE + pod('a') + rule + route('a', ', subset: v1'),
    [],
  ],
  [
    'pods of a cluster that are not ready',
    SERVICE + pod('a', 'status: {phase: Pending}') + route('a'),
    ['MD0102'],
  ],
  [
    'a pod with other labels than its owner’s template',
    SERVICE +
      DEPLOYMENT +
      pod('a')
        .replace('version: v1', 'version: v2')
        .replace(
          'namespace: shop,',
          'namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: a-7d9f8}],',
        ) +
      rule.replaceAll('v1', 'v2').replace('istio.io/v2', 'istio.io/v1') +
      route('a', ', subset: v2'),
    [],
  ],
  [
    'a service whose pods are elsewhere',
    SERVICE + rule + route('a', ', subset: v1'),
    [],
  ],
  [
    'another service’s pod beside the workload',
    SERVICE + DEPLOYMENT + pod('z') + rule + route('a', ', subset: v1'),
    [],
  ],
  ['a policy without workloads', policy, []],
  [
    'a policy for a workload of a namespace that may be injected',
    policy + DEPLOYMENT,
    [],
  ],
  [
    'a policy for none of the workloads',
    policy.replace('app: a', 'app: b') + DEPLOYMENT,
    ['IST0127'],
  ],
  [
    'mTLS to a workload of a namespace that may be injected',
    SERVICE + DEPLOYMENT + mutual,
    [],
  ],
  [
    'mTLS to a workload that is not injected',
    SERVICE +
      DEPLOYMENT +
      mutual +
      namespace(', labels: {istio-injection: disabled}'),
    ['MD0106'],
  ],
  [
    'mTLS to a pod of a cluster without a proxy',
    SERVICE + pod('a', READY) + mutual,
    ['MD0106'],
  ],
  [
    'a pod that the injector will see',
    namespace(', labels: {istio-injection: enabled}') + pod('a'),
    [],
  ],
  [
    'a pod that the injector has passed over',
    namespace(', labels: {istio-injection: enabled}') +
      pod('a') +
      pod('b', '', '{name: istio-proxy, image: x}'),
    ['IST0103'],
  ],
  [
    'two states of a service',
    SERVICE + SERVICE.replace('port: 80', 'port: 81'),
    [],
  ],
  [
    'what istioctl install reads',
    'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {}\n',
    [],
  ],
  [
    'a last rule for /',
    SERVICE +
      pod('a') +
      istio(
        'VirtualService',
        '{hosts: [a], http: [{match: [{uri: {exact: /x}}], route: [{destination: {host: a}}]}, {match: [{uri: {prefix: /}}], route: [{destination: {host: a}}]}]}',
      ),
    [],
  ],
];

describe('what files show', () => {
  it.each(CASES)('%s', (_name, yaml, expected) => {
    const placed = readYaml(yaml, 'a.yaml').filter(({ object }) => object);
    expect(analyzeObjects(placed, {}).map(({ code }) => code)).toEqual(
      expected,
    );
  });
});
