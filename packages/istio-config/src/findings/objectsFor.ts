import { attachedTo } from '../authorization/enforcement';
import { serviceHost } from '../hosts/hosts';
import type { KubeObject } from '../kube/KubeObject';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { workloadsOf } from '../workloads/workloads';
import { objectsByHost } from './objectsByHost';

/** The Istio and Gateway API objects and the Service that decide what happens to a Service's requests. @public */
export function objectsFor(
  set: MeshObjects,
  namespace: string,
  service: string,
): KubeObject[] {
  const host = serviceHost(namespace, service, set.meshConfig.domain);
  const own = set.get('Service', namespace, service);
  const behind = workloadsOf(set, namespace, service);
  const root = set.meshConfig.rootNamespace;
  const peers = [...new Set([root, namespace])]
    .flatMap(place => set.inNamespace('PeerAuthentication', place))
    .filter(policy =>
      behind.some(workload =>
        selects(policy.spec?.selector?.matchLabels, workload.labels),
      ),
    );
  return [
    ...(own ? [own] : []),
    ...objectsByHost(set, host),
    ...peers,
    ...attachedTo(set, 'AuthorizationPolicy', { namespace, name: service }),
  ];
}
