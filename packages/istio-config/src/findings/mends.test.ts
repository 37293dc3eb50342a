import { deployment, service } from '../__fixtures__/orion';
import { fieldOperations } from '../edits/setFields';
import { patched } from '../edits/PatchOperation';
import { setFromYaml } from '../setFromYaml';
import { findings } from './findings';

const rule = (spec: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: orion}
spec: ${spec}
---
`;
const route = (http: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: orion}
spec: {hosts: [a], http: ${http}}
---
`;
const TO_A = 'route: [{destination: {host: a}}]';
const STRICT = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: a, namespace: orion}
spec: {mtls: {mode: STRICT}}
---
`;
const VERSIONS = rule(
  '{host: a, subsets: [{name: stable}, {name: canary, labels: {version: x}}, {name: beta, labels: {app: a}}]}',
);
const split = (...weights: number[]) =>
  route(
    `[{route: [${weights
      .map(
        (weight, index) =>
          `{destination: {host: a, subset: ${
            ['stable', 'canary', 'beta'][index]
          }}, weight: ${weight}}`,
      )
      .join(', ')}]}]`,
  );
const shares = (...weights: number[]) => ({
  http: [{ route: weights.map(weight => expect.objectContaining({ weight })) }],
});

const CASES: {
  name: string;
  code: string;
  yaml: string;
  spec: object;
  does: string;
}[] = [
  {
    name: 'a limit under a name that Istio ignores',
    code: 'MD0101',
    yaml: rule(
      '{host: a, trafficPolicy: {outlierDetection: {consecutiveErrors: 7, interval: 5s}}}',
    ),
    spec: {
      host: 'a',
      trafficPolicy: {
        outlierDetection: { interval: '5s', consecutive5xxErrors: 7 },
      },
    },
    does: 'after 7 errors in a row',
  },
  {
    name: 'the same limit under both names',
    code: 'MD0101',
    yaml: rule(
      '{host: a, subsets: [{name: s, trafficPolicy: {portLevelSettings: [{port: {number: 80}, outlierDetection: {consecutiveErrors: 7, consecutive5xxErrors: 3}}]}}]}',
    ),
    spec: {
      host: 'a',
      subsets: [
        {
          name: 's',
          trafficPolicy: {
            portLevelSettings: [
              {
                port: { number: 80 },
                outlierDetection: { consecutive5xxErrors: 3 },
              },
            ],
          },
        },
      ],
    },
    does: 'consecutive5xxErrors holds',
  },
  {
    name: 'a limit that is never reached first',
    code: 'MD0116',
    yaml: rule(
      '{host: a, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5, consecutiveGatewayErrors: 5}}}',
    ),
    spec: {
      host: 'a',
      trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } },
    },
    does: 'ejected as before',
  },
  {
    name: 'plaintext to a STRICT service',
    code: 'MD0106',
    yaml: `${STRICT}${rule(
      '{host: a, trafficPolicy: {tls: {mode: DISABLE}, loadBalancer: {simple: RANDOM}}}',
    )}`,
    spec: { host: 'a', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } },
    does: 'automatic mTLS',
  },
  {
    name: 'a policy that says nothing but that',
    code: 'MD0106',
    yaml: `${STRICT}${rule(
      '{host: a, trafficPolicy: {tls: {mode: DISABLE}}}',
    )}`,
    spec: { host: 'a' },
    does: 'automatic mTLS',
  },
  {
    name: 'retries beyond the timeout',
    code: 'MD0108',
    yaml: route(
      `[{${TO_A}, timeout: 5s, retries: {attempts: 3, perTryTimeout: 2s}}]`,
    ),
    spec: {
      http: [
        expect.objectContaining({
          timeout: '8s',
          retries: { attempts: 3, perTryTimeout: '2s' },
        }),
      ],
    },
    does: '8 s instead of 5 s',
  },
  {
    name: 'a deprecated field',
    code: 'IST0002',
    yaml: route(
      `[{${TO_A}, match: [{port: 80}], fault: {delay: {percent: 5, fixedDelay: 1s}}}, {${TO_A}, fault: {delay: {percent: 9, percentage: {value: 3}, fixedDelay: 1s}}}]`,
    ),
    spec: {
      http: [5, 3].map(value =>
        expect.objectContaining({
          fault: { delay: { fixedDelay: '1s', percentage: { value } } },
        }),
      ),
    },
    does: 'as many requests are delayed as before',
  },
  {
    name: 'a rule below one that takes everything',
    code: 'IST0130',
    yaml: route(`[{name: all, ${TO_A}}, {name: never, ${TO_A}}]`),
    spec: { http: [expect.objectContaining({ name: 'all' })] },
    does: 'answered as before',
  },
  {
    name: 'a match that a rule above has',
    code: 'IST0131',
    yaml: route(
      `[{match: [{uri: {exact: /a}}], ${TO_A}}, {match: [{uri: {exact: /b}}, {uri: {exact: /a}}], ${TO_A}}]`,
    ),
    spec: {
      http: [
        expect.anything(),
        expect.objectContaining({ match: [{ uri: { exact: '/b' } }] }),
      ],
    },
    does: 'answered as before',
  },
  {
    name: 'a version without pods',
    code: 'MD0102',
    yaml: `${VERSIONS}${split(90, 10)}`,
    spec: shares(100, 0),
    does: 'stable gets 100 %.',
  },
  {
    name: 'a version without pods beside two others',
    code: 'MD0102',
    yaml: `${VERSIONS}${split(45, 25, 30)}`,
    spec: shares(60, 0, 40),
    does: 'stable gets 60 %, beta gets 40 %.',
  },
  {
    name: 'a version without pods in a rule of a delegate',
    code: 'MD0102',
    yaml: `${VERSIONS}${route(
      `[{match: [{uri: {prefix: /b}}], route: [{destination: {host: b}}]}, {delegate: {name: part}}]`,
    )}${split(90, 10)
      .replace('hosts: [a], ', '')
      .replace('name: a,', 'name: part,')}`,
    spec: shares(100, 0),
    does: 'stable gets 100 %.',
  },
  {
    name: 'everything sent to a version without pods',
    code: 'MD0102',
    yaml: `${VERSIONS}${split(0, 100)}`,
    spec: shares(100, 0),
    does: 'stable gets 100 %.',
  },
];

describe('a mend', () => {
  const read = (yaml: string) =>
    setFromYaml(`${service('a')}${deployment('a')}${yaml}`);

  it.each(CASES)('of $name', ({ code, yaml, spec, does }) => {
    const set = read(yaml);
    const found = findings(set).filter(finding => finding.code === code);
    expect(found).toHaveLength(1);
    const [{ mend, resource }] = found;
    expect(mend?.does).toContain(does);
    const object = set.get(resource.kind, resource.namespace!, resource.name)!;
    const before = structuredClone(object);
    const after = patched(object, fieldOperations(object, mend!.edits));
    expect(after.spec).toMatchObject(spec);
    expect(object).toEqual(before);
    // What it mends is mended, and it brings nothing new.
    const left = findings(set.with([{ type: 'put', object: after }]));
    const linesOf = (list: typeof left) =>
      list.map(finding => `${finding.code} ${finding.message}`);
    expect(linesOf(left)).not.toContain(`${code} ${found[0].message}`);
    expect(linesOf(findings(set))).toEqual(
      expect.arrayContaining(linesOf(left)),
    );
  });

  it.each([
    [
      'of one alone',
      route('[{route: [{destination: {host: a, subset: canary}}]}]'),
    ],
    ['of several, of which none is the obvious one', split(0, 100, 0)],
  ])('is not offered for a version without pods %s', (_name, yaml) => {
    const [finding] = findings(read(`${VERSIONS}${yaml}`)).filter(
      ({ code }) => code === 'MD0102',
    );
    expect(finding).toMatchObject({ code: 'MD0102', mend: undefined });
  });

  it('is not offered on a delegate of another namespace, which is named', () => {
    const found = findings(
      read(
        `${VERSIONS}${route(
          `[{${TO_A}}, {delegate: {name: part, namespace: edge}}]`,
        ).replace(TO_A, `match: [{uri: {prefix: /a}}], ${TO_A}`)}${split(90, 10)
          .replace('hosts: [a], ', '')
          .replace('name: a, namespace: orion', 'name: part, namespace: edge')
          .replace(/host: a,/g, 'host: a.orion.svc.cluster.local,')}`,
      ),
    ).filter(({ code }) => code === 'MD0102');
    expect(found).toEqual([
      expect.objectContaining({
        resource: expect.objectContaining({ name: 'a', namespace: 'orion' }),
        path: 'spec.http[1].delegate',
        mend: undefined,
      }),
    ]);
  });

  it('leaves a rule its last match: without one it would take everything', () => {
    const same = `match: [{uri: {exact: /a}}], ${TO_A}`;
    const [match] = findings(read(route(`[{${same}}, {${same}}]`))).filter(
      ({ code }) => code === 'IST0131',
    );
    expect(match).toMatchObject({ code: 'IST0131', mend: undefined });
  });
});
