import { deployment, service } from '../__fixtures__/orion';
import { describeRef } from '../kube/KubeObject';
import { setFromYaml } from '../setFromYaml';
import { FINDING_RULES, findings } from './findings';

const object = (kind: string, group: string, spec: string, metadata = '') => `
apiVersion: ${group}.istio.io/v1
kind: ${kind}
metadata: {name: a, namespace: orion${metadata}}
spec: ${spec}
---
`;
const rule = (spec: string, metadata = '') =>
  object('DestinationRule', 'networking', spec, metadata);
const route = (spec: string, metadata = '') =>
  object('VirtualService', 'networking', spec, metadata);
const policy = (spec: string) =>
  object('AuthorizationPolicy', 'security', spec);
const strict = object(
  'PeerAuthentication',
  'security',
  '{mtls: {mode: STRICT}}',
);
const onService = (name: string) =>
  `targetRefs: [{group: "", kind: Service, name: ${name}}]`;
const BARE = `${rule('{host: b, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}')}
apiVersion: v1
kind: Service
metadata: {name: b, namespace: orion}
spec: {selector: {app: b}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: orion, labels: {app: b}}
spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}
---
`;
const A = `${service('a')}${deployment('a')}`;

describe('rules of our own', () => {
  it.each([
    {
      name: 'a field that Istio does not have',
      yaml: rule('{host: a, trafficPolicy: {circuitBreaker: {}}}'),
      expected: ['MD0105 DestinationRule orion/a'],
    },
    {
      name: 'a misspelt field',
      yaml: route(
        '{hosts: [a], http: [{route: [{destination: {host: a}}], timeOut: 1s}]}',
      ),
      expected: ['MD0105 VirtualService orion/a'],
    },
    {
      name: 'protobuf’s own spelling of a field',
      yaml: rule(
        '{host: a, traffic_policy: {load_balancer: {simple: RANDOM}}}',
      ),
      expected: [],
    },
    {
      name: 'plaintext to a STRICT service',
      yaml: `${rule(
        '{host: a, trafficPolicy: {tls: {mode: DISABLE}}}',
      )}${strict}`,
      expected: ['MD0106 DestinationRule orion/a'],
    },
    {
      name: 'mTLS to a STRICT service',
      yaml: `${rule(
        '{host: a, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}',
      )}${strict}`,
      expected: [],
    },
    {
      name: 'an identity in a namespace that it is not in',
      yaml: policy(
        '{rules: [{from: [{source: {principals: [cluster.local/ns/x/sa/y], namespaces: [z]}}]}]}',
      ),
      expected: ['MD0107 AuthorizationPolicy orion/a'],
    },
    {
      name: 'an identity with the prefix that Istio adds itself',
      yaml: policy(
        '{rules: [{from: [{source: {principals: ["spiffe://cluster.local/ns/x/sa/y"]}}]}]}',
      ),
      expected: ['MD0107 AuthorizationPolicy orion/a'],
    },
    {
      name: 'mTLS to pods of a Namespace that is not among the manifests',
      yaml: BARE,
      expected: [],
    },
    {
      name: 'mTLS to pods that have no proxy',
      yaml: `${BARE}apiVersion: v1\nkind: Namespace\nmetadata: {name: orion, labels: {istio-injection: disabled}}\n---\n`,
      expected: ['MD0106 DestinationRule orion/a'],
    },
    {
      name: 'what istioctl install reads, without a name',
      yaml: 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: demo}\n---\n',
      expected: [],
    },
    ...[
      {
        where: `${onService('a')}, `,
        asks: `${onService('a')}, `,
        isAsked: true,
      },
      {
        where: `${onService('a')}, `,
        asks: `${onService('b')}, `,
        isAsked: false,
      },
      { where: `${onService('a')}, `, asks: '', isAsked: false },
      { where: '', asks: `${onService('a')}, `, isAsked: false },
      { where: '', asks: '', isAsked: true },
    ].map(({ where, asks, isAsked }, index) => ({
      name: `tokens that a policy asks for elsewhere, ${index}`,
      yaml:
        object(
          'RequestAuthentication',
          'security',
          `{${where}jwtRules: [{issuer: i}]}`,
        ) +
        policy(
          `{${asks}rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}`,
        ),
      expected: isAsked ? [] : ['MD0117 RequestAuthentication orion/a'],
    })),
    {
      name: 'a token where nobody reads tokens',
      yaml: policy('{rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}'),
      expected: ['MD0107 AuthorizationPolicy orion/a'],
    },
    {
      name: 'a policy that means to deny all',
      yaml: policy('{}'),
      expected: [],
    },
    {
      name: 'retries beyond the timeout',
      yaml: route(
        '{hosts: [a], http: [{route: [{destination: {host: a}}], timeout: 5s, retries: {attempts: 3, perTryTimeout: 2s}}]}',
      ),
      expected: ['MD0108 VirtualService orion/a'],
    },
    {
      name: 'retries within the timeout',
      yaml: route(
        '{hosts: [a], http: [{route: [{destination: {host: a}}], timeout: 6s, retries: {attempts: 3, perTryTimeout: 2s}}]}',
      ),
      expected: [],
    },
    {
      name: 'a prefix of nothing',
      yaml: route(
        '{hosts: [a], http: [{match: [{headers: {x-my: {prefix: ""}}}], route: [{destination: {host: a}}]}]}',
      ),
      expected: ['IST0106 VirtualService orion/a'],
    },
    {
      name: 'a path that may begin with nothing, and a header that must not be there',
      yaml: route(
        '{hosts: [a], http: [{match: [{uri: {prefix: ""}, withoutHeaders: {x: {regex: "*"}}}], route: [{destination: {host: a}}]}]}',
      ),
      expected: [],
    },
    {
      name: 'a finding that the object does not want to hear of',
      yaml: rule(
        '{host: a, trafficPolicy: {circuitBreaker: {}}}',
        ', annotations: {analysis.istio.io/suppress: "IST0001, MD0105"}',
      ),
      expected: [],
    },
  ])('$name', ({ yaml, expected }) => {
    expect(
      findings(setFromYaml(`${A}${yaml}`)).map(
        ({ code, resource }) => `${code} ${describeRef(resource)}`,
      ),
    ).toEqual(expected);
  });

  it.each([
    ['{match: [{headers: {x: {exact: a}}}], directResponse: {status: 200}}', 1],
    ['{match: [{uri: {prefix: /}}], directResponse: {status: 200}}', 0],
    [
      '{match: [{uri: {regex: .*}, gateways: [mesh]}], directResponse: {status: 200}}',
      0,
    ],
    [
      '{match: [{uri: {prefix: /}, port: 80}], directResponse: {status: 200}}',
      1,
    ],
    ['{directResponse: {status: 200}}', 0],
  ])('MD0115: whether %s leaves requests without a rule', (http, count) => {
    const set = setFromYaml(`${A}${route(`{hosts: [a], http: [${http}]}`)}`);
    expect(
      findings(set, { details: true }).filter(({ code }) => code === 'MD0115'),
    ).toHaveLength(count);
  });

  it('each say what they judge and where that is written', () => {
    for (const { code, inputs, source } of FINDING_RULES) {
      expect(code).toMatch(/^(IST|MD)\d{4}$/);
      expect(inputs.length).toBeGreaterThan(0);
      expect(source.length).toBeGreaterThan(10);
    }
  });
});
