import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';

const pod = (name: string, zone: string, labels: string, region = 'r') => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: orion, labels: {${labels}}}
spec: {nodeName: ${region}-${zone}, containers: [{name: app}, {name: istio-proxy}]}
status: {conditions: [{type: Ready, status: "True"}]}
---`;
const node = (region: string, zone: string) => `
apiVersion: v1
kind: Node
metadata: {name: ${region}-${zone}, labels: {topology.kubernetes.io/region: ${region}, topology.kubernetes.io/zone: ${zone}}}
---`;
const MESH = [
  node('r', 'x'),
  node('r', 'y'),
  node('s', 'z'),
  pod('client', 'x', 'app: client, version: v2'),
  pod('near', 'x', 'app: a, version: v1'),
  pod('far', 'y', 'app: a, version: v2'),
  pod('abroad', 'z', 'app: a, version: v3', 's'),
].join('');
const service = (field = '', annotation = '') => `
apiVersion: v1
kind: Service
metadata: {name: a, namespace: orion, annotations: {${annotation}}}
spec: {selector: {app: a}, ports: [{name: http, port: 80}]${field}}
---`;
const rule = (policy: string, more = '') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: orion}
spec: {host: a, trafficPolicy: {${policy}}${more}}
---`;
const OUTLIER = 'outlierDetection: {consecutive5xxErrors: 5}';
const setting = (fields: string) =>
  `loadBalancer: {localityLbSetting: {${fields}}}`;
const ALL = ['abroad', 'far', 'near'];

describe('the pods that a request comes to by the caller’s place', () => {
  it.each<[string, string, string[]]>([
    ['all, where nothing is said', service(), ALL],
    [
      'those of its zone with outlier detection',
      service() + rule(OUTLIER),
      ['near'],
    ],
    [
      'those that the Service prefers',
      service(', trafficDistribution: PreferClose'),
      ['near'],
    ],
    [
      '… by annotation',
      service('', 'networking.istio.io/traffic-distribution: PreferSameZone'),
      ['near'],
    ],
    [
      '… unless the DestinationRule says more',
      service(', trafficDistribution: PreferClose') +
        rule(setting('enabled: false')),
      ALL,
    ],
    [
      'those with the caller’s labels',
      service() + rule(`${OUTLIER}, ${setting('failoverPriority: [version]')}`),
      ['far'],
    ],
    [
      'those with a label of a value',
      service() +
        rule(`${OUTLIER}, ${setting('failoverPriority: ["version=v3"]')}`),
      ['abroad'],
    ],
    [
      'all, where labels are named and nobody is ever put out',
      service() + rule(setting('failoverPriority: [version]')),
      ALL,
    ],
    [
      'those that get a share',
      service() +
        rule(
          setting('distribute: [{from: r/x/*, to: {"r/y/*": 80, "s/*": 20}}]'),
        ),
      ['abroad', 'far'],
    ],
    [
      'all, where shares are for callers elsewhere',
      service() + rule(setting('distribute: [{from: s/*, to: {"s/*": 100}}]')),
      ALL,
    ],
    [
      'those that a rule for the caller’s workload says',
      service() +
        rule(OUTLIER, ', workloadSelector: {matchLabels: {app: other}}'),
      ALL,
    ],
  ])('%s', (_name, objects, expected) => {
    const set = setFromYaml(`${MESH}${objects}`);
    const outcomes = foretellCall(set, {
      protocol: 'http',
      from: findWorkload(set, 'orion', 'client')!,
      host: 'a',
      port: 80,
    });
    expect(
      outcomes
        .map(outcome =>
          outcome.type === 'reaches'
            ? outcome.pod.replace('orion/', '')
            : outcome.type,
        )
        .sort(),
    ).toEqual(expected);
  });
});
