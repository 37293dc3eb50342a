import { deployment } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';

const object = (kind: string, id: string, spec: string, year = 2024) => `
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: {name: ${id.split('/')[1]}, namespace: ${
  id.split('/')[0]
}, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec: ${spec}
---`;
const entry = (id: string, ports: number[], year?: number) =>
  object(
    'ServiceEntry',
    id,
    `{hosts: [x.test], resolution: STATIC, endpoints: [{address: 10.9.9.9}], ports: [${ports
      .map(port => `{number: ${port}, name: http-${port}, protocol: HTTP}`)
      .join()}]}`,
    year,
  );

const GATEWAY = `
${deployment('client', { namespace: 'nova' })}
${deployment('edge', { namespace: 'nova' })}
${object(
  'Gateway',
  'nova/web',
  '{selector: {app: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}',
)}${entry('first/old', [7070], 2020)}`;
/** Copies go where the rule names no port. */
const MIRROR =
  '{route: [{destination: {host: x.test, port: {number: 7070}}}], mirrors: [{destination: {host: x.test}}]}';

function ask(objects: string) {
  const set = setFromYaml(GATEWAY + objects);
  const [outcome] = foretellCall(set, {
    protocol: 'http',
    from: findWorkload(set, 'nova', 'client')!,
    gateway: { name: 'nova/web', workload: findWorkload(set, 'nova', 'edge')! },
    host: 'way.test',
    port: 80,
    path: '/',
  });
  return outcome;
}

describe('the port of a rule that names none, at a gateway', () => {
  const mirrored = object(
    'VirtualService',
    'second/way',
    `{hosts: [way.test], gateways: [nova/web], http: [${MIRROR}]}`,
  );
  const delegating =
    object(
      'VirtualService',
      'second/way',
      '{hosts: [way.test], gateways: [nova/web], http: [{delegate: {name: part, namespace: third}}]}',
    ) + object('VirtualService', 'third/part', `{http: [${MIRROR}]}`);

  it.each<[string, string, string]>([
    ['is the only one of the oldest ServiceEntry', mirrored, 'leaves'],
    [
      'is none where the ServiceEntry beside the rule has two',
      mirrored + entry('second/beside', [81, 7070]),
      'answered',
    ],
    [
      'goes by what is beside the rule that delegates',
      delegating + entry('second/beside', [81, 7070]),
      'answered',
    ],
    [
      'and not by what is beside its delegate',
      delegating + entry('third/beside', [81, 7070]),
      'leaves',
    ],
  ])('%s, for copies of requests too', (_, objects, expected) => {
    expect(ask(objects)).toMatchObject({
      type: 'leaves',
      copies: [[{ type: expected }]],
    });
  });
});
