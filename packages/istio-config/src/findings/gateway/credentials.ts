import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { podsLabelled } from '../podsLabelled';

/** A server of a Gateway that takes its certificate from a Secret. */
export interface ServerCredential {
  path: string;
  name: string;
  /** Where the gateway's pods run: Istio looks for the Secret there. */
  namespace: string;
  secret?: KubeObject;
}

/** The credentials that a Gateway names. Source: istio pkg/config/analysis/analyzers/gateway/secret.go. */
export function credentialsOf(
  set: MeshObjects,
  gateway: KubeObject,
): ServerCredential[] {
  const [pod] = podsLabelled(set, gateway.spec?.selector);
  if (!pod) {
    return [];
  }
  return itemsOf(gateway.spec?.servers).flatMap((server, index) => {
    const name: unknown = server?.tls?.credentialName;
    if (typeof name !== 'string' || !name) {
      return [];
    }
    const slash = name.indexOf('/');
    const [namespace, own] =
      slash < 0
        ? [namespaceOf(pod), name]
        : [name.slice(0, slash), name.slice(slash + 1)];
    return [
      {
        path: `spec.servers[${index}].tls.credentialName`,
        name: own,
        namespace,
        secret: set.get('Secret', namespace, own),
      },
    ];
  });
}
