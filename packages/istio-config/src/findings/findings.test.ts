import { describeRef } from '../kube/KubeObject';
import { deployment, orion, service } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { MeshObjects } from '../MeshObjects';
import { findings, findingsFor } from './findings';

const codes = (set: MeshObjects) =>
  findings(set).map(finding => [
    finding.code,
    describeRef(finding.resource),
    finding.path,
  ]);

describe('findings', () => {
  it.each([
    {
      name: 'a limit that Istio ignores',
      set: orion(),
      expected: [
        [
          'MD0101',
          'DestinationRule orion/auth-service',
          'spec.trafficPolicy.outlierDetection.consecutiveErrors',
        ],
      ],
    },
    {
      name: 'a route to nowhere, to an unknown subset, and a mirror to nowhere',
      set: setFromYaml(`${service('a')}${deployment('a')}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: orion}
spec:
  hosts: [a]
  http:
    - route: [{destination: {host: b}, weight: 50}, {destination: {host: a, subset: v2}, weight: 50}]
      mirror: {host: c}
`),
      expected: [
        [
          'IST0101',
          'VirtualService orion/a',
          'spec.http[0].route[0].destination.host',
        ],
        ['IST0101', 'VirtualService orion/a', 'spec.http[0].mirror.host'],
        [
          'MD0103',
          'VirtualService orion/a',
          'spec.http[0].route[1].destination.subset',
        ],
      ],
    },
    {
      name: 'a subset without pods and a port without a protocol',
      set: setFromYaml(`${service('a').replace('name: http', 'name: web')}
${deployment('a')}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: orion}
spec: {host: a, subsets: [{name: stable, labels: {version: stable}}, {name: canary, labels: {version: canary}}]}
`),
      expected: [
        ['IST0173', 'DestinationRule orion/a', 'spec.subsets[1]'],
        ['IST0118', 'Service orion/a', 'spec.ports[0].name'],
      ],
    },
    {
      name: 'two VirtualServices for one host',
      set: orion(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: later, namespace: orion, creationTimestamp: "2026-02-01T00:00:00Z"}
spec: {hosts: [auth-service.orion.svc.cluster.local], http: [{route: [{destination: {host: auth-service}}]}]}
`),
      expected: [
        ['IST0109', 'VirtualService orion/auth-service', 'spec.hosts[0]'],
        ['IST0109', 'VirtualService orion/later', 'spec.hosts[0]'],
        [
          'MD0101',
          'DestinationRule orion/auth-service',
          'spec.trafficPolicy.outlierDetection.consecutiveErrors',
        ],
      ],
    },
  ])('$name', ({ set, expected }) => {
    expect(codes(set)).toEqual(expected);
  });

  it('only notes a limit that Istio ignores where what applies is the same', () => {
    const [noted] = findings(orion());
    expect(noted).toMatchObject({ code: 'MD0101', level: 'info' });
    expect(noted.message).toMatch(/nothing changes by that/);
  });

  it('keeps to the objects that concern a service', () => {
    expect(findingsFor(orion(), 'orion', 'gateway-service')).toEqual([]);
    expect(findingsFor(orion(), 'orion', 'auth-service')).toHaveLength(1);
  });
});

describe('findings after a change', () => {
  it('are the same values where they say the same, those of rules over the whole mesh, too', () => {
    const rule = (name: string, host: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: orion, creationTimestamp: "2026-02-01T00:00:00Z"}
spec: {hosts: [${host}], http: [{route: [{destination: {host: auth-service}}]}]}
`;
    const before = orion(rule('later', 'auth-service.orion.svc.cluster.local'));
    const [object] = setFromYaml(rule('other', 'elsewhere.example')).all(
      'VirtualService',
    );
    const found = findingsFor(before, 'orion', 'auth-service');
    expect(found.map(({ code }) => code)).toContain('IST0109');
    const after = before.with([{ type: 'put', object }]);
    const again = findingsFor(after, 'orion', 'auth-service');
    for (const finding of found) {
      expect(again.some(same => same === finding)).toBe(true);
    }
  });
});

describe('MeshObjects', () => {
  it('gives the same answers after changes as a fresh set', () => {
    const before = orion();
    const rule = before.get('DestinationRule', 'orion', 'auth-service')!;
    const mended = {
      ...rule,
      spec: { ...rule.spec, trafficPolicy: undefined },
    };
    const after = before.with([{ type: 'put', object: mended }]);
    expect(codes(after)).toEqual([]);
    expect(codes(before)).toHaveLength(1);
    const gone = after.with([
      {
        type: 'remove',
        kind: 'VirtualService',
        namespace: 'orion',
        name: 'auth-service',
      },
    ]);
    expect(gone.all('VirtualService')).toEqual([]);
    expect(after.all('VirtualService')).toHaveLength(1);
    expect(gone.all('Pod')).toEqual(before.all('Pod'));
  });

  it.each([
    undefined,
    7,
    'x',
    {},
    { kind: 'Pod' },
    { apiVersion: 'v1', kind: 'Pod', metadata: [] },
  ])('keeps %j aside', object => {
    expect(MeshObjects.create([object]).malformed).toEqual([object]);
  });
});
