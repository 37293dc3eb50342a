import { setFromYaml } from '@meshdeck/istio-config';
import { credentialSecret, granted } from './credentialSecret';

const gateway = (namespace: string) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'outer', namespace },
});

/** A grant in a namespace, as `Gateway a → Secret tls`. */
const grant = (
  namespace: string,
  from: { group?: string; kind?: string; namespace: string },
  to: { group?: string; kind?: string; name?: string } = {},
) =>
  JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: `g-${JSON.stringify([from, to]).length}`, namespace },
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', ...from }],
      to: [{ group: '', kind: 'Secret', ...to }],
    },
  });

it.each<[string, string, string, string | undefined, boolean]>([
  // What a name means to pods in `edge`, of a Gateway in …, is …, and may be read.
  ['tls', 'edge', '', 'edge/tls', true],
  ['tls', 'a', '', 'edge/tls', true],
  ['kubernetes://tls', 'a', '', 'edge/tls', true],
  ['kubernetes://edge/tls', 'a', '', 'edge/tls', true],
  ['edge/tls', 'a', '', 'edge/tls', true],
  ['kubernetes://vault/tls', 'edge', '', 'vault/tls', false],
  ['vault/tls', 'edge', '', 'vault/tls', false],
  // Not even a grant opens it.
  [
    'vault/tls',
    'edge',
    grant('vault', { namespace: 'edge' }),
    'vault/tls',
    false,
  ],
  ['kubernetes-gateway://edge/tls', 'edge', '', 'edge/tls', true],
  ['kubernetes-gateway://edge/tls', 'a', '', 'edge/tls', false],
  ['kubernetes-gateway://vault/tls', 'edge', '', 'vault/tls', false],
  [
    'kubernetes-gateway://vault/tls',
    'edge',
    grant('vault', { namespace: 'edge' }),
    'vault/tls',
    true,
  ],
  [
    'kubernetes-gateway://vault/tls',
    'a',
    grant('vault', { namespace: 'a' }),
    'vault/tls',
    false,
  ],
  ['builtin://', 'edge', '', undefined, false],
  ['configmap://vault/ca', 'edge', '', undefined, false],
  ['invalid://x', 'edge', '', undefined, false],
  ['kubernetes://', 'edge', '', undefined, false],
  ['/tls', 'edge', '', undefined, false],
])(
  '%s of a Gateway in %s, with grants %s',
  (name, home, grants, secret, isRead) => {
    const found = credentialSecret(setFromYaml(grants), {
      name,
      home: 'edge',
      gateway: gateway(home),
    });
    expect(found && `${found.namespace}/${found.name}`).toBe(secret);
    expect(found !== undefined && found.refused === undefined).toBe(isRead);
  },
);

it.each<[string, string, boolean]>([
  ['nothing', '', false],
  ['it', grant('vault', { namespace: 'a' }), true],
  [
    'this one by name',
    grant('vault', { namespace: 'a' }, { name: 'tls' }),
    true,
  ],
  ['another one', grant('vault', { namespace: 'a' }, { name: 'other' }), false],
  [
    'one without a name',
    grant('vault', { namespace: 'a' }, { name: '' }),
    false,
  ],
  ['another namespace', grant('vault', { namespace: 'b' }), false],
  ['routes', grant('vault', { namespace: 'a', kind: 'HTTPRoute' }), false],
  ['Services', grant('vault', { namespace: 'a' }, { kind: 'Service' }), false],
  [
    'Gateways of another group',
    grant('vault', { namespace: 'a', group: 'x' }),
    false,
  ],
  ['from the wrong side', grant('a', { namespace: 'a' }), false],
])(
  'a Gateway of a gets Secret vault/tls where vault grants %s: %#',
  (_name, grants, isAllowed) => {
    const secret = { namespace: 'vault', name: 'tls' };
    const { refused } = granted(setFromYaml(grants), 'a', secret);
    expect(refused === undefined).toBe(isAllowed);
    expect(
      granted(setFromYaml(grants), 'vault', secret).refused,
    ).toBeUndefined();
  },
);
