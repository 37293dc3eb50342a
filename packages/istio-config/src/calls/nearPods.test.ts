import type { MeshObjects } from '../MeshObjects';
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
const virtualService = (subset: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: orion}
spec: {hosts: [a], http: [{route: [{destination: {host: a, subset: ${subset}}}]}]}
---`;
const V1_ALONE = ', subsets: [{name: v1, labels: {version: v1}}]';
const OUTLIER = 'outlierDetection: {consecutive5xxErrors: 5}';
const setting = (fields: string) =>
  `loadBalancer: {localityLbSetting: {${fields}}}`;
const zones = (fields: string) =>
  `loadBalancer: {zoneAwareLbSetting: {${fields}}}`;
const mesh = (fields: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "${fields}"}
---`;
const ALL = ['abroad', 'far', 'near'];

const STATEFUL_SET = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: callers, namespace: orion}
spec: {template: {metadata: {labels: {app: callers}}}}
---`;

function endsOf(set: MeshObjects, caller: string): string[] {
  return foretellCall(set, {
    protocol: 'http',
    from: findWorkload(set, 'orion', caller)!,
    host: 'a',
    port: 80,
  })
    .map(outcome => {
      if (outcome.type === 'answered') {
        return String(outcome.status);
      }
      return outcome.type === 'reaches'
        ? outcome.pod.replace('orion/', '')
        : outcome.type;
    })
    .sort();
}

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
      'none, where no pod is where the shares lead',
      service() +
        rule(setting('distribute: [{from: r/x/*, to: {"r/w/*": 100}}]')),
      ['503'],
    ],
    [
      'none, where the only ones there are of another version',
      service() +
        virtualService('v1') +
        rule(
          setting('distribute: [{from: r/x/*, to: {"r/y/*": 100}}]'),
          V1_ALONE,
        ),
      ['503'],
    ],
    [
      'none, where the only one there is not ready',
      `${service()}${rule(
        setting('distribute: [{from: r/x/*, to: {"r/w/*": 100}}]'),
      )}${node('r', 'w')}${pod('late', 'w', 'app: a').replace(
        'True',
        'False',
      )}`,
      ['503'],
    ],
    [
      'none, by the shares of a subset alone',
      service() +
        virtualService('v1') +
        rule(
          OUTLIER,
          `, subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {${setting(
            'distribute: [{from: r/x/*, to: {"r/y/*": 100}}]',
          )}}}]`,
        ),
      ['503'],
    ],
    [
      'all, where shares are for callers elsewhere',
      service() + rule(setting('distribute: [{from: s/*, to: {"s/*": 100}}]')),
      ALL,
    ],
    [
      'those of its region, where zones count',
      service() + rule(zones('')),
      ['far', 'near'],
    ],
    [
      '… whatever the Service prefers',
      service(', trafficDistribution: PreferClose') + rule(zones('')),
      ['far', 'near'],
    ],
    [
      '… and of them those with the caller’s labels',
      service() + rule(zones('failoverPriority: ["version=v3"]')),
      ['abroad'],
    ],
    [
      '… and all, where that is switched off',
      service(', trafficDistribution: PreferClose') +
        rule(zones('enabled: false')),
      ALL,
    ],
    [
      'those of the region that follows, where its own has none',
      service() +
        node('t', 'z') +
        pod('other', 'z', 'app: a, version: v3', 't') +
        virtualService('v3') +
        rule(
          zones('failover: [{from: r, to: t}]'),
          ', subsets: [{name: v3, labels: {version: v3}}]',
        ),
      ['other'],
    ],
    [
      'those of its region, where zones count in the whole mesh',
      service() + mesh('zoneAwareLbSetting: {}'),
      ['far', 'near'],
    ],
    [
      'all, where the DestinationRule goes before that',
      service() +
        mesh('zoneAwareLbSetting: {}') +
        rule(setting('failoverPriority: [version]')),
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
    expect(endsOf(set, 'client')).toEqual(expected);
  });

  it('depend on which of its pods calls, and where that one is there may be none', () => {
    const owner =
      'ownerReferences: [{kind: StatefulSet, name: callers, controller: true}]';
    const callers = ['x', 'y'].map(zone =>
      pod(`callers-${zone}`, zone, 'app: callers').replace(
        'namespace: orion',
        `namespace: orion, ${owner}`,
      ),
    );
    const shares =
      'distribute: [{from: r/x/*, to: {"r/y/*": 100}}, {from: r/y/*, to: {"r/w/*": 100}}]';
    const set = setFromYaml(
      `${MESH}${STATEFUL_SET}${callers.join('')}${service()}${rule(
        setting(shares),
      )}`,
    );
    expect(endsOf(set, 'callers')).toEqual(['503', 'far']);
  });
});
