import type { KubeObject, ObjectMeta } from '../kube/KubeObject';
import { isSystemNamespace } from './systemNamespaces';

/** @public */
export interface InjectionDecision {
  injects: boolean;
  /** One clause: "namespace orion is labelled istio-injection=enabled". */
  reason: string;
  /** Of the istiod that injects, where there is such a one. */
  revision?: string;
}

const INJECT = 'sidecar.istio.io/inject';
const DEFAULT_REVISION = 'default';

/**
 * Whether istiod's webhook puts a sidecar into a pod. The namespace's `istio-injection` beats `istio.io/rev`; a pod's
 * label beats its annotation. Sources: istio mutatingwebhook.yaml (object selectors), pkg/kube/inject/inject.go.
 * @public
 */
export function injectionOf(
  namespace: KubeObject | undefined,
  pod: { metadata?: Partial<ObjectMeta>; hostNetwork?: boolean },
): InjectionDecision {
  const labels = pod.metadata?.labels ?? {};
  const own = labels[INJECT];
  const scope = namespace?.metadata.labels ?? {};
  const name = namespace?.metadata.name ?? '';
  const called = webhookCall(name, scope, labels);
  if (!called.injects) {
    return called;
  }
  if (called.revision === '') {
    return { injects: false, reason: 'istio.io/rev is empty' };
  }
  if (pod.hostNetwork) {
    return { injects: false, reason: 'the pod uses the host network' };
  }
  if (isSystemNamespace(name)) {
    return { injects: false, reason: `namespace ${name} is never injected` };
  }
  const wish = own ?? pod.metadata?.annotations?.[INJECT];
  // Anything but true and false leaves it to the injector's policy, which is to inject.
  if (wish === 'false') {
    return { injects: false, reason: `the pod says ${INJECT}=${wish}` };
  }
  return called;
}

function webhookCall(
  name: string,
  namespaceLabels: Record<string, string>,
  podLabels: Record<string, string>,
): InjectionDecision {
  const own = podLabels[INJECT];
  const injection = namespaceLabels['istio-injection'];
  const revision = namespaceLabels['istio.io/rev'];
  // With any other value none of the webhook’s selectors takes it, whatever its pods and its revision say.
  if (injection !== undefined && injection !== 'enabled') {
    return {
      injects: false,
      reason: `namespace ${name} is labelled istio-injection=${injection}`,
    };
  }
  if (injection === 'enabled' || revision !== undefined) {
    if (own === 'false') {
      return { injects: false, reason: `the pod is labelled ${INJECT}=false` };
    }
    return injection === 'enabled'
      ? {
          injects: true,
          revision: DEFAULT_REVISION,
          reason: `namespace ${name} is labelled istio-injection=enabled`,
        }
      : {
          injects: true,
          revision,
          reason: `namespace ${name} is labelled istio.io/rev=${revision}`,
        };
  }
  const wished = podLabels['istio.io/rev'];
  if (wished === undefined ? own === 'true' : own !== 'false') {
    return {
      injects: true,
      revision: wished ?? DEFAULT_REVISION,
      reason: 'the pod asks for it by its label',
    };
  }
  return {
    injects: false,
    reason: `namespace ${name} has no injection label`,
  };
}
