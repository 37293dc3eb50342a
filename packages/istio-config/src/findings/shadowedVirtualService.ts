import { describeRef, KubeObject, refOf } from '../kube/KubeObject';
import { oldestFirst } from '../kube/age';
import { gatewaysOf, hostsOf } from '../routes/virtualServices';
import { defineFinding } from './Finding';

/** Two VirtualServices for the same host inside the mesh: the older one counts, the other has no effect there. */
export const shadowedVirtualService = defineFinding({
  code: 'IST0109',
  level: 'error',
  inputs: ['VirtualService'],
  source:
    'istio: pkg/config/analysis/analyzers/virtualservice/conflictingmeshgatewayhosts.go',
  *find({ VirtualService: services }, set) {
    const oldest = new Map<string, KubeObject>();
    for (const service of oldestFirst(services)) {
      if (!gatewaysOf(service).includes('mesh')) {
        continue;
      }
      for (const [index, host] of hostsOf(set, service).entries()) {
        const winner = oldest.get(host);
        if (!winner) {
          oldest.set(host, service);
          continue;
        }
        if (!overlaps(winner, service)) {
          continue;
        }
        yield {
          resource: service,
          path: `spec.hosts[${index}]`,
          message: `${describeRef(
            refOf(winner),
          )} is older and names the same host ${host}: inside the mesh this one has no effect.`,
          fix: 'Merge the two into one object, or delete the one that has no effect.',
        };
      }
    }
  },
});

/** Whether any namespace sees both objects. */
function overlaps(a: KubeObject, b: KubeObject): boolean {
  const scopeOf = (object: KubeObject): string[] =>
    (object.spec?.exportTo?.length ? object.spec.exportTo : ['*']).map(
      (scope: unknown) =>
        scope === '.' ? object.metadata.namespace : String(scope),
    );
  const [own, other] = [scopeOf(a), scopeOf(b)];
  return (
    own.includes('*') ||
    other.includes('*') ||
    own.some(scope => other.includes(scope))
  );
}
