import { deployment, service } from '../../__fixtures__/orion';
import { patched } from '../../edits/PatchOperation';
import { fieldOperations } from '../../edits/setFields';
import { setFromYaml } from '../../setFromYaml';
import type { Finding } from '../Finding';
import { findings } from '../findings';

const SERVICE = `${service('a').replace(
  'targetPort: 8080}',
  'targetPort: 8080}, {name: more, port: 9090, targetPort: 9090}',
)}${deployment('a')}${deployment('a2', { app: 'a', version: 'canary' })}`;
const rule = (spec: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: orion}
spec: {host: a, ${spec}}
---
`;
const peers = (spec: string, name = 'a') => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${name}, namespace: orion}
spec: ${spec}
---
`;
const STRICT = peers('{mtls: {mode: STRICT}}');
const STRICT_CANARY = peers(
  '{selector: {matchLabels: {version: canary}}, mtls: {mode: STRICT}}',
);
const DISABLED = peers('{mtls: {mode: DISABLE}}');
const NO_AUTO_MTLS = `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "enableAutoMtls: false"}
---
`;
const subset = (name: string, policy: string) =>
  `{name: ${name}, labels: {version: ${name}}, trafficPolicy: ${policy}}`;
const onPort = (number: number, settings: string) =>
  `portLevelSettings: [{port: {number: ${number}}, ${settings}}]`;
const PLAIN = 'tls: {mode: DISABLE}';
const MUTUAL = 'tls: {mode: ISTIO_MUTUAL}';
const SIMPLE = 'tls: {mode: SIMPLE}';
const RANDOM = 'loadBalancer: {simple: RANDOM}';

/** Every way to say it for all, for a subset, and for a port of each, beside a balancer or not. */
const SPECS = [PLAIN, MUTUAL, SIMPLE].flatMap(top =>
  ['', PLAIN, MUTUAL].flatMap(port =>
    ['', PLAIN, MUTUAL, SIMPLE].flatMap(own =>
      ['', PLAIN, MUTUAL].map(ownPort => (balancer: string) => {
        const policy = (tls: string, on: string) =>
          [tls, balancer, on && onPort(8080, on)].filter(Boolean).join(', ');
        const canary = policy(own, ownPort);
        return `trafficPolicy: {${policy(top, port)}}, subsets: [${
          canary ? subset('canary', `{${canary}}`) : ''
        }]`;
      }),
    ),
  ),
);

/** Each finding as place and message, and what its mend leaves of the rule. */
const CASES: {
  name: string;
  spec: string;
  others?: string;
  expected: { path: string; of: string; left?: string; does?: string }[];
}[] = [
  {
    name: 'a subset of which pods take mTLS only',
    spec: `subsets: [${subset('stable', `{${PLAIN}, ${RANDOM}}`)}]`,
    expected: [
      {
        path: 'spec.subsets[0].trafficPolicy.tls.mode',
        of: 'Callers of a in its subset stable are told to send plaintext',
        left: `subsets: [${subset('stable', `{${RANDOM}}`)}]`,
        does: 'Removes tls from subset stable: callers of a send what it takes, by automatic mTLS.',
      },
    ],
  },
  {
    name: 'a subset that says nothing else',
    spec: `subsets: [${subset('stable', `{${PLAIN}}`)}]`,
    expected: [
      {
        path: 'spec.subsets[0].trafficPolicy.tls.mode',
        of: 'in its subset stable',
        left: 'subsets: [{name: stable, labels: {version: stable}}]',
      },
    ],
  },
  {
    name: 'a subset whose pods take what they get, beside another',
    spec: `subsets: [${subset('stable', `{${PLAIN}}`)}, ${subset(
      'canary',
      `{${PLAIN}}`,
    )}]`,
    others: STRICT_CANARY,
    expected: [
      {
        path: 'spec.subsets[1].trafficPolicy.tls.mode',
        of: 'in its subset canary',
      },
    ],
  },
  {
    name: 'a subset without pods',
    spec: `subsets: [${subset('gone', `{${PLAIN}}`)}]`,
    expected: [],
  },
  {
    name: 'a subset that says better than the rule',
    spec: `trafficPolicy: {${PLAIN}}, subsets: [${subset(
      'stable',
      `{${MUTUAL}}`,
    )}]`,
    expected: [
      {
        path: 'spec.trafficPolicy.tls.mode',
        of: 'Callers of a are told to send plaintext',
        left: `subsets: [${subset('stable', `{${MUTUAL}}`)}]`,
      },
    ],
  },
  {
    name: 'a subset that falls back to the rule, which says better',
    spec: `trafficPolicy: {${MUTUAL}}, subsets: [${subset(
      'stable',
      `{${PLAIN}}`,
    )}]`,
    expected: [
      {
        path: 'spec.subsets[0].trafficPolicy.tls.mode',
        of: 'in its subset stable',
        does: 'as the rest of the rule says',
      },
    ],
  },
  {
    name: 'a port',
    spec: `trafficPolicy: {${onPort(9090, PLAIN)}}`,
    expected: [
      {
        path: 'spec.trafficPolicy.portLevelSettings[0].tls.mode',
        of: 'Callers of a on port 9090 are told to send plaintext',
        left: '',
        does: 'Removes tls from port 9090',
      },
    ],
  },
  {
    name: 'a port with more than that, beside another',
    spec: `trafficPolicy: {portLevelSettings: [{port: {number: 8080}, ${MUTUAL}}, {port: {number: 9090}, ${PLAIN}, ${RANDOM}}]}`,
    expected: [
      {
        path: 'spec.trafficPolicy.portLevelSettings[1].tls.mode',
        of: 'on port 9090',
        left: `trafficPolicy: {portLevelSettings: [{port: {number: 8080}, ${MUTUAL}}, {port: {number: 9090}, ${RANDOM}}]}`,
      },
    ],
  },
  {
    name: 'a port that the service does not have',
    spec: `trafficPolicy: {${onPort(1, PLAIN)}}`,
    expected: [],
  },
  {
    name: 'ports that all say better than the rule',
    spec: `trafficPolicy: {${PLAIN}, portLevelSettings: [{port: {number: 8080}, ${MUTUAL}}, {port: {number: 9090}, ${MUTUAL}}]}`,
    expected: [],
  },
  {
    name: 'ports without tls, whose endpoints the rule marks',
    spec: `trafficPolicy: {${PLAIN}, portLevelSettings: [{port: {number: 8080}, ${RANDOM}}, {port: {number: 9090}, ${RANDOM}}]}`,
    expected: [
      {
        path: 'spec.trafficPolicy.tls.mode',
        of: 'Callers of a are told to send plaintext',
        left: `trafficPolicy: {portLevelSettings: [{port: {number: 8080}, ${RANDOM}}, {port: {number: 9090}, ${RANDOM}}]}`,
      },
    ],
  },
  {
    name: 'a port whose settings keep others of the rule away',
    spec: `trafficPolicy: {${RANDOM}, ${onPort(9090, PLAIN)}}`,
    expected: [
      {
        path: 'spec.trafficPolicy.portLevelSettings[0].tls.mode',
        of: 'on port 9090',
        left: `trafficPolicy: {${RANDOM}, ${onPort(9090, MUTUAL)}}`,
        does: 'tls.mode of port 9090 becomes ISTIO_MUTUAL, which a takes.',
      },
    ],
  },
  {
    name: 'a port of a subset',
    spec: `subsets: [${subset('stable', `{${onPort(8080, PLAIN)}}`)}]`,
    expected: [
      {
        path: 'spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.mode',
        of: 'Callers of a in its subset stable on port 8080 are told to send plaintext',
        left: 'subsets: [{name: stable, labels: {version: stable}}]',
        does: 'Removes tls from port 8080 of subset stable',
      },
    ],
  },
  {
    name: 'a port of a subset, and what would hold then',
    spec: `trafficPolicy: {${PLAIN}}, subsets: [${subset(
      'stable',
      `{${SIMPLE}, ${onPort(8080, PLAIN)}}`,
    )}]`,
    expected: [
      {
        path: 'spec.trafficPolicy.tls.mode',
        of: 'Callers of a are told to send plaintext',
        left: `subsets: [${subset(
          'stable',
          `{${SIMPLE}, ${onPort(8080, PLAIN)}}`,
        )}]`,
      },
      {
        path: 'spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.mode',
        of: 'on port 8080 are told to send plaintext',
        left: 'subsets: [{name: stable, labels: {version: stable}}]',
        does: 'Removes tls from port 8080 of subset stable and subset stable and the traffic policy',
      },
      {
        path: 'spec.subsets[0].trafficPolicy.tls.mode',
        of: 'in its subset stable are told to use SIMPLE TLS',
      },
    ],
  },
  {
    name: 'mTLS on one port, where it is disabled',
    spec: `trafficPolicy: {${onPort(8080, MUTUAL)}}`,
    others: DISABLED,
    expected: [
      {
        path: 'spec.trafficPolicy.portLevelSettings[0].tls.mode',
        of: 'on port 8080 are told to use Istio’s mTLS, but mTLS is disabled for a',
      },
    ],
  },
  {
    name: 'tls without a mode, which is plaintext',
    spec: 'trafficPolicy: {tls: {sni: a}}',
    expected: [
      { path: 'spec.trafficPolicy.tls', of: 'are told to send plaintext' },
    ],
  },
  {
    name: 'a mesh that chooses no mTLS by itself',
    spec: `subsets: [${subset('stable', `{${PLAIN}}`)}]`,
    others: STRICT + NO_AUTO_MTLS,
    expected: [
      {
        path: 'spec.subsets[0].trafficPolicy.tls.mode',
        of: 'in its subset stable',
        left: `subsets: [${subset('stable', `{${MUTUAL}}`)}]`,
        does: 'tls.mode of subset stable becomes ISTIO_MUTUAL, which a takes.',
      },
    ],
  },
];

describe('callers told to send what a service refuses', () => {
  const clashes = (found: readonly Finding[]) =>
    found.filter(({ code }) => code === 'MD0106');

  it.each(CASES)('$name', ({ spec, others = STRICT, expected }) => {
    const set = setFromYaml(`${SERVICE}${others}${rule(spec)}`);
    const found = clashes(findings(set));
    const object = set.get('DestinationRule', 'orion', 'a')!;
    expect(found.map(({ path }) => path)).toEqual(
      expected.map(({ path }) => path),
    );
    expected.forEach(({ of, left, does }, index) => {
      const { message, mend } = found[index];
      expect(message).toContain(of);
      expect(mend?.does).toContain(does ?? '');
      const after = patched(object, fieldOperations(object, mend!.edits));
      const remaining = findings(set.with([{ type: 'put', object: after }]));
      expect(remaining.map(finding => finding.message)).not.toContain(message);
      // Nor does the webhook refuse what is left, or anything else come up.
      expect(findings(set).map(finding => finding.message)).toEqual(
        expect.arrayContaining(remaining.map(finding => finding.message)),
      );
      expect(after.spec).toEqual(
        left === undefined ? after.spec : specOf(left),
      );
    });
  });

  it.each([
    ['all pods take mTLS only', STRICT],
    ['some do', STRICT_CANARY],
    ['none takes it', DISABLED],
  ])('are mended whatever the rule says, where %s', (_name, others) => {
    for (const [index, spec] of SPECS.entries()) {
      let set = setFromYaml(
        `${SERVICE}${others}${rule(spec(index % 2 ? RANDOM : ''))}`,
      );
      for (let [next] = clashes(findings(set)); next; ) {
        const object = set.get('DestinationRule', 'orion', 'a')!;
        const operations = fieldOperations(object, next.mend!.edits);
        set = set.with([{ type: 'put', object: patched(object, operations) }]);
        const now = findings(set);
        expect(now.map(({ message }) => message)).not.toContain(next.message);
        expect(now.filter(({ code }) => code === 'IST0106')).toEqual([]);
        [next] = clashes(now);
      }
    }
  });
});

function specOf(text: string): unknown {
  return setFromYaml(rule(text)).get('DestinationRule', 'orion', 'a')!.spec;
}
