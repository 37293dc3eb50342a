import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { deployment, orion, service } from '../__fixtures__/orion';
import { MeshObjects } from '../MeshObjects';
import { findWorkload } from '../workloads/workloads';
import { connection } from './connection';
import { effectiveMtls } from './effectiveMtls';

const policy = (
  name: string,
  namespace: string,
  spec: string,
  created = '2026-01-01',
) => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}T00:00:00Z"}
spec: ${spec}
---
`;
const AUTH = '{matchLabels: {app: auth-service}}';
const WORKLOAD = { namespace: 'orion', labels: { app: 'auth-service' } };

describe('effectiveMtls', () => {
  it.each([
    { name: 'nothing said', policies: '', mode: 'PERMISSIVE', by: undefined },
    {
      name: 'the mesh alone',
      policies: policy('default', 'istio-system', '{mtls: {mode: STRICT}}'),
      mode: 'STRICT',
      by: 'default',
    },
    {
      name: 'the namespace over the mesh',
      policies:
        policy('default', 'istio-system', '{mtls: {mode: STRICT}}') +
        policy('ns', 'orion', '{mtls: {mode: PERMISSIVE}}'),
      mode: 'PERMISSIVE',
      by: 'ns',
    },
    {
      name: 'an empty selector is namespace-wide',
      policies: policy('ns', 'orion', '{selector: {}, mtls: {mode: STRICT}}'),
      mode: 'STRICT',
      by: 'ns',
    },
    {
      name: 'UNSET inherits',
      policies:
        policy('ns', 'orion', '{mtls: {mode: STRICT}}') +
        policy('own', 'orion', `{selector: ${AUTH}, mtls: {mode: UNSET}}`),
      mode: 'STRICT',
      by: 'ns',
    },
    {
      name: 'the oldest of two',
      policies:
        policy('young', 'orion', '{mtls: {mode: DISABLE}}', '2026-02-01') +
        policy('old', 'orion', '{mtls: {mode: STRICT}}', '2025-02-01'),
      mode: 'STRICT',
      by: 'old',
    },
    {
      name: 'a port over its workload',
      policies: policy(
        'own',
        'orion',
        `{selector: ${AUTH}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}`,
      ),
      mode: 'DISABLE',
      by: 'own',
    },
    {
      name: 'a selector in the root namespace is nobody’s',
      policies: policy(
        'own',
        'istio-system',
        `{selector: ${AUTH}, mtls: {mode: STRICT}}`,
      ),
      mode: 'PERMISSIVE',
      by: undefined,
    },
  ])('$name: $mode', ({ policies, mode, by }) => {
    const answer = effectiveMtls(orion(policies), WORKLOAD, 8080);
    expect([answer.mode, answer.decidedBy?.name]).toEqual([mode, by]);
    expect(answer.chain.map(link => link.level)).toEqual([
      'mesh',
      'namespace',
      'workload',
      'port',
    ]);
  });

  const fixture = join(
    __dirname,
    '../../../../../shared/fixtures/istio-rules/peer-authentication.json',
  );
  const cases: any[] = existsSync(fixture)
    ? JSON.parse(readFileSync(fixture, 'utf8'))
    : [];
  (cases.length ? describe : describe.skip)(
    'Istio’s own cases (../shared/fixtures, skipped where absent)',
    () => {
      it.each(cases.length ? cases : [{ name: '' }])('$name', testCase => {
        const set = MeshObjects.create(
          testCase.configs.map(({ metadata, ...config }: any) => ({
            ...config,
            metadata: {
              ...metadata,
              creationTimestamp: new Date(
                (metadata.creationOffsetSeconds ?? 0) * 1000,
              ).toISOString(),
            },
          })),
          { meshConfig: { rootNamespace: testCase.rootNamespace } },
        );
        const workload = { namespace: 'my-ns', labels: { app: 'foo' } };
        expect(effectiveMtls(set, workload, 1).mode).toBe(
          testCase.expected.mode,
        );
        for (const [port, mode] of Object.entries(
          testCase.expected.perPort ?? {},
        )) {
          expect(effectiveMtls(set, workload, Number(port)).mode).toBe(mode);
        }
      });
    },
  );
});

describe('connection', () => {
  const base = `${service('legacy')}${deployment('legacy', { sidecar: false })}
${deployment('batch', { sidecar: false })}`;
  const ask = (more: string, from: string | undefined, to = 'auth-service') => {
    const set = orion(`${base}${more}`);
    return connection(
      set,
      from ? findWorkload(set, 'orion', from) : undefined,
      {
        workload: findWorkload(set, 'orion', to)!,
        service: { namespace: 'orion', name: to },
        port: 8080,
      },
    );
  };
  const strict = policy('orion-mtls', 'orion', '{mtls: {mode: STRICT}}');
  const rule = (host: string, trafficPolicy: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a-${host}, namespace: orion}
spec: {host: ${host}, trafficPolicy: ${trafficPolicy}}
---
`;
  const tls = (mode: string, host = 'auth-service') =>
    rule(host, `{tls: {mode: ${mode}}}`);

  it.each([
    ['two sidecars', '', 'gateway-service', 'auth-service', 'mtls'],
    ['no sidecar, PERMISSIVE', '', 'batch', 'auth-service', 'plaintext'],
    ['no sidecar, STRICT', strict, 'batch', 'auth-service', 'refused'],
    ['from outside, STRICT', strict, undefined, 'auth-service', 'refused'],
    ['server without proxy', '', 'gateway-service', 'legacy', 'plaintext'],
    [
      'ISTIO_MUTUAL to a server without proxy',
      tls('ISTIO_MUTUAL', 'legacy'),
      'gateway-service',
      'legacy',
      'refused',
    ],
    [
      'TLS disabled by the client, STRICT server',
      strict + tls('DISABLE'),
      'gateway-service',
      'auth-service',
      'refused',
    ],
    [
      'server DISABLE under automatic mTLS',
      policy('own', 'orion', `{selector: ${AUTH}, mtls: {mode: DISABLE}}`),
      'gateway-service',
      'auth-service',
      'plaintext',
    ],
    [
      'a workload that is STRICT in a namespace without mTLS gets none of its callers',
      policy('all', 'orion', '{mtls: {mode: DISABLE}}') +
        policy('own', 'orion', `{selector: ${AUTH}, mtls: {mode: STRICT}}`),
      'gateway-service',
      'auth-service',
      'refused',
    ],
    [
      'a workload that is PERMISSIVE in a mesh without mTLS gets plaintext',
      policy('all', 'istio-system', '{mtls: {mode: DISABLE}}') +
        policy('own', 'orion', `{selector: ${AUTH}, mtls: {mode: PERMISSIVE}}`),
      'gateway-service',
      'auth-service',
      'plaintext',
    ],
    [
      'a TLS block without a mode disables it',
      strict + rule('auth-service', '{tls: {sni: x}}'),
      'gateway-service',
      'auth-service',
      'refused',
    ],
    [
      'TLS disabled but for a port whose own settings say nothing of it: its endpoints are marked as without',
      strict +
        rule(
          'auth-service',
          '{tls: {mode: DISABLE}, portLevelSettings: [{port: {number: 8080}}]}',
        ),
      'gateway-service',
      'auth-service',
      'refused',
    ],
    [
      '… and ISTIO_MUTUAL so as with, where they have no proxy',
      rule(
        'legacy',
        '{tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 8080}}]}',
      ),
      'gateway-service',
      'legacy',
      'refused',
    ],
    [
      '… and settings of the port itself are what counts',
      strict +
        rule(
          'auth-service',
          '{tls: {mode: DISABLE}, portLevelSettings: [{port: {number: 8080}, tls: {mode: ISTIO_MUTUAL}}]}',
        ),
      'gateway-service',
      'auth-service',
      'mtls',
    ],
  ])('%s', (_name, more, from, to, outcome) => {
    expect(ask(more, from, to).outcome).toBe(outcome);
  });

  it('names the policy that refuses', () => {
    expect(ask(strict, 'batch').why).toBe(
      'the caller has no proxy, and the port is STRICT (PeerAuthentication orion/orion-mtls)',
    );
  });
});

describe('in ambient mode', () => {
  const AMBIENT = { ...WORKLOAD, dataPlane: 'ambient' as const };
  const strictMesh = policy(
    'default',
    'istio-system',
    '{mtls: {mode: STRICT}}',
  );
  const own = (spec: string) =>
    policy('own', 'orion', `{selector: ${AUTH}, ${spec}}`);
  it.each([
    ['STRICT is enforced', strictMesh, 'STRICT', undefined],
    [
      'DISABLE is PERMISSIVE',
      own('mtls: {mode: DISABLE}'),
      'PERMISSIVE',
      'does not know DISABLE',
    ],
    [
      'a DISABLE port of a STRICT mesh stays STRICT',
      strictMesh + own('portLevelMtls: {8080: {mode: DISABLE}}'),
      'STRICT',
      'stays STRICT',
    ],
    [
      'unless another port is PERMISSIVE',
      strictMesh +
        own('portLevelMtls: {8080: {mode: DISABLE}, 9090: {mode: PERMISSIVE}}'),
      'PERMISSIVE',
      'does not know DISABLE',
    ],
  ])('%s', (_name, policies, mode, note) => {
    const answer = effectiveMtls(orion(policies), AMBIENT, 8080);
    expect(answer.mode).toBe(mode);
    expect(answer.note ?? '').toContain(note ?? '');
    expect(answer.note === undefined).toBe(note === undefined);
  });

  const place = (name: string, mode: 'ambient' | 'sidecar' | 'none') =>
    deployment(name, { sidecar: mode === 'sidecar' }).replaceAll(
      `labels: {app: ${name},`,
      `labels: {app: ${name}, istio.io/dataplane-mode: ${
        mode === 'ambient' ? 'ambient' : 'none'
      },`,
    );
  const tls = (mode: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: server, namespace: orion}
spec: {host: server, trafficPolicy: {tls: {mode: ${mode}}}}
---
`;
  const strict = policy('all', 'orion', '{mtls: {mode: STRICT}}');
  it.each([
    ['ambient', 'ambient', '', 'mtls', 'HBONE'],
    ['ambient', 'ambient', strict, 'mtls', 'HBONE'],
    ['ambient', 'sidecar', strict, 'mtls', 'HBONE'],
    ['sidecar', 'ambient', strict, 'mtls', 'HBONE'],
    ['sidecar', 'ambient', tls('DISABLE'), 'plaintext', 'NONE'],
    ['sidecar', 'ambient', strict + tls('DISABLE'), 'refused', 'NONE'],
    ['ambient', 'ambient', strict + tls('DISABLE'), 'mtls', 'HBONE'],
    ['none', 'ambient', '', 'plaintext', 'NONE'],
    ['none', 'ambient', strict, 'refused', 'NONE'],
    ['ambient', 'none', '', 'plaintext', 'NONE'],
    ['none', 'none', strict, 'plaintext', 'NONE'],
  ] as const)('%s to %s%s: %s', (from, to, more, outcome, mode) => {
    const set = orion(
      `${service('server')}${place('server', to)}${place(
        'client',
        from,
      )}${more}`,
    );
    expect(
      connection(set, findWorkload(set, 'orion', 'client'), {
        workload: findWorkload(set, 'orion', 'server')!,
        service: { namespace: 'orion', name: 'server' },
        port: 8080,
      }),
    ).toMatchObject({ outcome, client: { mode } });
  });
});
