import { fullNameOf, KubeObject } from '../../kube/KubeObject';
import { itemsOf, textsOf } from '../../kube/reading';
import { describeSelector, selects } from '../../kube/selectors';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';
import { podsLabelled } from '../podsLabelled';

/** Two Gateways of the same proxies claim the same host on the same port: which one counts is not defined. */
export const conflictingServers = defineFinding({
  code: 'IST0145',
  level: 'error',
  scope: 'mesh',
  inputs: ['Gateway'],
  source: 'istio: pkg/config/analysis/analyzers/gateway/conflictinggateway.go',
  *find({ Gateway: gateways }, set) {
    const claims = new Map<string, Set<KubeObject>>();
    for (const gateway of gateways) {
      for (const server of itemsOf(gateway.spec?.servers)) {
        for (const key of claimsOf(server)) {
          const known = claims.get(key) ?? new Set();
          claims.set(key, known.add(gateway));
        }
      }
    }
    for (const gateway of gateways) {
      for (const [index, server] of itemsOf(gateway.spec?.servers).entries()) {
        const rivals = new Set(
          claimsOf(server).flatMap(key => [...(claims.get(key) ?? [])]),
        );
        rivals.delete(gateway);
        const real = [...rivals].filter(rival =>
          sharePods(set, gateway, rival),
        );
        if (real.length > 0) {
          yield {
            resource: gateway,
            path: `spec.servers[${index}]`,
            message: `${real
              .map(rival => `Gateway ${fullNameOf(rival)}`)
              .sort()
              .join(' and ')} of the same proxies also claims ${textsOf(
              server.hosts,
            ).join(', ')} on port ${
              server.port?.number
            }: which of them counts is not defined.`,
            fix: 'Keep the host and port in one Gateway.',
          };
        }
      }
    }
  },
});

function claimsOf(server: any): string[] {
  return textsOf(server?.hosts).map(
    host => `${server?.port?.number} ${server?.bind ?? ''} ${host}`,
  );
}

function sharePods(set: MeshObjects, a: KubeObject, b: KubeObject): boolean {
  const [own, other] = [a.spec?.selector ?? {}, b.spec?.selector ?? {}];
  if (describeSelector(own) === describeSelector(other)) {
    return true;
  }
  return (
    (selects(own, other) || selects(other, own)) &&
    podsLabelled(set, own).some(pod => selects(other, pod.metadata.labels))
  );
}
