import { evaluateAccess } from '../authorization/evaluateAccess';
import { connection } from '../mtls/connection';
import { effectiveMtls } from '../mtls/effectiveMtls';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from './workloads';

const PROXY = '{name: istio-proxy}';
const mesh = (annotations: string, containers = PROXY, rest = '') => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nobody, namespace: depot}
spec: {}
---
apiVersion: v1
kind: Service
metadata: {name: crane, namespace: depot}
spec: {selector: {app: crane}, ports: [{port: 80, targetPort: 8080}]}
---
${['crane', 'hook']
  .map(
    name => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: depot, labels: {app: ${name}}, annotations: ${
      name === 'crane' ? annotations : '{}'
    }}
spec: {${name === 'crane' ? rest : ''} containers: [{name: app}, ${
      name === 'crane' ? containers : PROXY
    }]}
---`,
  )
  .join('')}
`;
const traffic = (field: string, ports: string) =>
  `{traffic.sidecar.istio.io/${field}: "${ports}"}`;

describe('a port', () => {
  it.each([
    ['that is captured', mesh('{}'), true],
    [
      'that is left out',
      mesh(traffic('excludeInboundPorts', '9090, 8080')),
      false,
    ],
    [
      'beside one that is left out',
      mesh(traffic('excludeInboundPorts', '9090')),
      true,
    ],
    [
      'that is not among those captured',
      mesh(traffic('includeInboundPorts', '9090')),
      false,
    ],
    ['that is among them', mesh(traffic('includeInboundPorts', '8080')), true],
    ['where all are captured', mesh(traffic('includeInboundPorts', '*')), true],
    ['where none is', mesh(traffic('includeInboundPorts', '')), false],
    ['of a pod without a proxy', mesh('{}', '{name: other}'), false],
    [
      'of a pod on the host network',
      mesh('{}', '{name: other}', 'hostNetwork: true,'),
      false,
    ],
  ])('%s: STRICT holds %#', (_name, objects, holds) => {
    const set = setFromYaml(objects);
    const [workload, caller] = ['crane', 'hook'].map(
      name => findWorkload(set, 'depot', name)!,
    );
    const server = effectiveMtls(set, workload, 8080);
    expect(server.mode).toBe(holds ? 'STRICT' : 'DISABLE');
    expect(server.chain.some(({ decides }) => decides)).toBe(holds);
    expect(server.note === undefined).toBe(holds);
    const target = {
      workload,
      service: { namespace: 'depot', name: 'crane' },
      port: 80,
    };
    expect(connection(set, undefined, target).outcome).toBe(
      holds ? 'refused' : 'plaintext',
    );
    // A caller's sidecar goes by the policies, not by what the other side captures.
    const otherwise = workload.dataPlane === 'none' ? 'plaintext' : 'refused';
    expect(connection(set, caller, target).outcome).toBe(
      holds ? 'mtls' : otherwise,
    );
    expect(evaluateAccess(set, workload, { port: 8080 })).toMatchObject(
      holds ? { allowed: false } : { allowed: true, enforcedBy: 'nobody' },
    );
  });

  it.each([
    ['first', ['old', 'new']],
    ['last', ['new', 'old']],
  ])('takes both while some pods have no proxy, the %s', (_name, pods) => {
    const set = setFromYaml(`${mesh('{}')}
apiVersion: apps/v1
kind: Deployment
metadata: {name: winch, namespace: depot}
spec: {template: {metadata: {labels: {app: winch}}, spec: {containers: [{name: app}]}}}
---
${pods
  .map(
    name => `
apiVersion: v1
kind: Pod
metadata:
  name: winch-${name}
  namespace: depot
  labels: {app: winch}
  ownerReferences: [{kind: ReplicaSet, name: winch-1, controller: true}]
spec: {containers: [{name: app}${name === 'new' ? `, ${PROXY}` : ''}]}
---`,
  )
  .join('')}`);
    const workload = findWorkload(set, 'depot', 'winch')!;
    expect(effectiveMtls(set, workload, 8080)).toMatchObject({
      mode: 'PERMISSIVE',
      note: '1 of 2 pods has no proxy: plaintext gets in there whatever the policies say',
    });
  });

  it('says why, by the annotation', () => {
    const set = setFromYaml(mesh(traffic('excludeInboundPorts', '8080')));
    const workload = findWorkload(set, 'depot', 'crane')!;
    expect(effectiveMtls(set, workload, 8080).note).toContain(
      'the sidecar of crane does not capture port 8080 (traffic.sidecar.istio.io/excludeInboundPorts: "8080")',
    );
  });
});
