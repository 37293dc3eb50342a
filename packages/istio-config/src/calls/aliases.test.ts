import { deployment } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';

/** A rule of `nova` leads requests for `a` by another name of it, on a port of `a`'s. */
const OBJECTS = `
${deployment('client', { namespace: 'nova' })}
${deployment('a', { namespace: 'first' })}
apiVersion: v1
kind: Service
metadata: {name: a, namespace: first}
spec: {selector: {app: a}, ports: [{name: http, port: 80}, {name: http-81, port: 81}]}
---
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: first}
spec: {type: ExternalName, externalName: a.first.svc.cluster.local, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: way, namespace: nova}
spec:
  hosts: [a.first.svc.cluster.local]
  http: [{route: [{destination: {host: alias.first.svc.cluster.local, port: {number: 81}}}]}]
---`;

const sidecar = (...egress: string[]) => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: own, namespace: nova}
spec: {egress: [${egress}]}
---`;
const listener = (hosts: string, port?: number) =>
  `{${
    port ? `port: {number: ${port}, protocol: HTTP, name: p}, ` : ''
  }hosts: [${hosts}]}`;

describe('a rule that leads to an ExternalName', () => {
  it.each<[string, string, string | number]>([
    ['leads to what that stands for', '', 'reaches'],
    [
      '… where the listener for the port that is asked imports it',
      sidecar(listener('"first/*"')),
      'reaches',
    ],
    [
      '… but to nobody where only a listener for another port does',
      sidecar(
        listener('"first/*"', 81),
        listener('"*/a.first.svc.cluster.local"'),
      ),
      503,
    ],
    [
      '… nor where the rule alone names it',
      sidecar(listener('"*/a.first.svc.cluster.local", "nova/*"')),
      503,
    ],
  ])('%s', (_, sidecars, expected) => {
    const set = setFromYaml(OBJECTS + sidecars);
    const [end] = foretellCall(set, {
      protocol: 'http',
      from: findWorkload(set, 'nova', 'client')!,
      host: 'a.first.svc.cluster.local',
      port: 80,
      path: '/',
    });
    expect(end.type === 'answered' ? end.status : end.type).toBe(expected);
  });
});
