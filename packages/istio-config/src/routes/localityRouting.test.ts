import { service } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { describeLocality } from './describeLocality';
import { localityRouting } from './localityRouting';

const rule = (policy: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: orion}
spec: {host: a, trafficPolicy: ${policy}}
---
`;
const mesh = (setting: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "localityLbSetting: ${setting}"}
---
`;
const OUTLIER = 'outlierDetection: {consecutive5xxErrors: 5}';
const NEAR =
  'Requests stay in the caller’s zone while enough of its pods are healthy, then go to its region, then elsewhere.';
const LACKING =
  'Failover needs outlier detection, which is not set: requests go to all pods alike, wherever they are.';

const routing = (yaml: string, more = '') =>
  localityRouting(
    setFromYaml(`${service('a').replace('spec: {', `spec: {${more}`)}${yaml}`),
    { namespace: 'orion', service: 'a', clientNamespace: 'orion' },
  );

describe('localityRouting', () => {
  it.each<[string, string, string[]]>([
    ['is on by default', rule(`{${OUTLIER}}`), [NEAR]],
    ['does nothing without outlier detection', '', [LACKING]],
    [
      'follows regions',
      rule(
        `{${OUTLIER}, loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}}`,
      ),
      [NEAR, 'From region a they go to region b next.'],
    ],
    [
      'prefers by labels',
      rule(
        `{${OUTLIER}, loadBalancer: {localityLbSetting: {failoverPriority: [rack, version=v1]}}}`,
      ),
      [
        'Pods that agree with the caller in rack, then in version=v1 are asked first, the others when too few of those are healthy.',
      ],
    ],
    [
      'distributes, which needs no outlier detection',
      rule(
        '{loadBalancer: {localityLbSetting: {distribute: [{from: a/x/*, to: {"a/x/*": 80, "a/y/*": 20}}]}}}',
      ),
      [
        'From a/x/*: 80 % go to a/x/*, 20 % to a/y/*.',
        'From anywhere else: to all pods alike.',
      ],
    ],
    [
      'minds zones without outlier detection',
      rule(
        '{loadBalancer: {zoneAwareLbSetting: {failover: [{from: a, to: b}], failoverPriority: [rack]}}}',
      ),
      [
        'Pods that agree with the caller in rack are asked first, the others when too few of those are healthy.',
        'Requests stay in the caller’s region while enough of its pods are healthy, and in its zone as far as that has enough pods and the caller’s proxy runs with ISTIO_META_ENABLE_SELF_DISCOVERY.',
        'From region a they go to region b next.',
      ],
    ],
    [
      'can be switched off for one host, by zones too',
      rule(
        `{${OUTLIER}, loadBalancer: {zoneAwareLbSetting: {enabled: false}}}`,
      ),
      [
        'It does not matter where pods are: DestinationRule orion/a switches that off.',
      ],
    ],
    [
      'can be switched off for one host',
      rule(`{${OUTLIER}, loadBalancer: {localityLbSetting: {enabled: false}}}`),
      [
        'It does not matter where pods are: DestinationRule orion/a switches that off.',
      ],
    ],
    [
      'can be switched off for the mesh',
      mesh('{enabled: false}') + rule(`{${OUTLIER}}`),
      [
        'It does not matter where pods are: ConfigMap istio-system/istio switches that off.',
      ],
    ],
    [
      'takes the DestinationRule’s setting for the mesh’s as a whole',
      mesh('{enabled: false}') +
        rule(`{${OUTLIER}, loadBalancer: {localityLbSetting: {}}}`),
      [NEAR],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(describeLocality(routing(yaml))).toEqual(expected);
  });

  it('is failover without outlier detection where the Service prefers close pods', () => {
    expect(routing('', 'trafficDistribution: PreferClose, ')).toMatchObject({
      mode: 'failover',
      lacksOutlierDetection: false,
      source: { path: 'spec.trafficDistribution' },
    });
  });

  const preferring = (
    value: string,
    at: 'service' | 'namespace' = 'service',
  ) => {
    const annotations = `annotations: {networking.istio.io/traffic-distribution: ${value}}`;
    return at === 'service'
      ? `apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: orion, ${annotations}}\nspec: {selector: {app: a}, SPEC ports: [{port: 8080}]}\n---\n`
      : `\napiVersion: v1\nkind: Namespace\nmetadata: {name: orion, ${annotations}}\n---\n`;
  };
  it.each<[string, string, string, string[]]>([
    [
      'by annotation, in any case',
      preferring('preferclose'),
      '',
      ['network', 'region', 'zone'],
    ],
    [
      'the same node',
      preferring('PreferSameNode'),
      '',
      ['network', 'region', 'zone', 'subzone', 'hostname'],
    ],
    [
      'by the field before the annotation',
      preferring('PreferSameNode'),
      'trafficDistribution: PreferClose,',
      ['network', 'region', 'zone'],
    ],
    [
      'by its namespace',
      preferring('PreferClose', 'namespace'),
      '',
      ['network', 'region', 'zone'],
    ],
    [
      'nobody, by a value that nobody knows, whatever its namespace says',
      preferring('Any') + preferring('PreferClose', 'namespace'),
      '',
      [],
    ],
  ])('prefers %s', (_, yaml, field, labels) => {
    const set = setFromYaml(
      `${yaml.includes('kind: Service') ? '' : service('a')}${yaml.replace(
        'SPEC',
        field,
      )}`,
    );
    const { failoverPriority, lacksOutlierDetection } = localityRouting(set, {
      namespace: 'orion',
      service: 'a',
      clientNamespace: 'orion',
    });
    expect(failoverPriority.map(label => label.replace(/^.*\//, ''))).toEqual(
      labels,
    );
    expect(lacksOutlierDetection).toBe(labels.length === 0);
  });

  const pod = (name: string, node: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: orion, labels: {app: a, version: ${name}}}
spec: {nodeName: ${node}}
status: {conditions: [{type: Ready, status: "True"}]}
---
`;
  const node = `
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {topology.kubernetes.io/region: a, topology.kubernetes.io/zone: x}}
---
`;
  const elsewhere = rule(
    '{loadBalancer: {localityLbSetting: {distribute: [{from: a/*, to: {"a/y/*": 100}}]}}}',
  );
  it.each<[string, string, string]>([
    [
      'says where nobody gets what is sent to a place',
      node + pod('p1', 'n1'),
      'From a/*: 100 % go to a/y/*. No ready pod is there, so these requests fail with 503.',
    ],
    [
      'does not where a pod may be there',
      node + pod('p1', 'n1') + pod('p2', 'n2'),
      'From a/*: 100 % go to a/y/*.',
    ],
  ])('%s', (_, yaml, expected) => {
    expect(describeLocality(routing(yaml + elsewhere))[0]).toBe(expected);
  });

  it('counts the pods of a subset that only the caller’s workload knows', () => {
    const own = rule(
      '{}, workloadSelector: {matchLabels: {app: client}}, subsets: [{name: v1, labels: {version: p1}}]',
    );
    const query = { namespace: 'orion', service: 'a', subset: 'v1' };
    const set = setFromYaml(
      service('a') + node + pod('p1', 'n1') + pod('p2', 'n1') + own,
    );
    const placesFor = (app: string) =>
      localityRouting(set, {
        ...query,
        clientNamespace: 'orion',
        clientLabels: { app },
      }).places;
    expect(placesFor('client')).toEqual([{ locality: 'a/x', readyPods: 1 }]);
    expect(placesFor('other')).toEqual([]);
  });

  it('counts the ready pods of each place', () => {
    expect(
      routing(node + pod('p1', 'n1') + pod('p2', 'n1') + pod('p3', 'n2'))
        .places,
    ).toEqual([
      { locality: 'a/x', readyPods: 2 },
      { locality: 'unknown', readyPods: 1 },
    ]);
  });
});
