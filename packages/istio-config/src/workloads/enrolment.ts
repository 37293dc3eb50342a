import type { KubeObject, ObjectMeta } from '../kube/KubeObject';
import { ownField } from '../kube/reading';

/** Whether the CNI plugin captures a pod for ztunnel, and why. @public */
export interface EnrolmentDecision {
  isAmbient: boolean;
  /** One clause: "namespace orion is labelled istio.io/dataplane-mode=ambient". */
  reason: string;
}

const MODE = 'istio.io/dataplane-mode';

/**
 * Whether a pod is in ambient mode: its own label, else that of its namespace; never on the host network or beside a sidecar.
 * Source: istio cni/pkg/util/podutil.go and enablement_selector.go.
 * @public
 */
export function ambientOf(
  namespace: KubeObject | undefined,
  pod: { metadata?: Partial<ObjectMeta>; hostNetwork?: boolean },
): EnrolmentDecision {
  const { labels, annotations } = pod.metadata ?? {};
  const own: unknown = ownField(labels, MODE);
  const name = namespace?.metadata.name ?? '';
  if (pod.hostNetwork) {
    return no('the pod uses the host network');
  }
  if (ownField(annotations, 'sidecar.istio.io/status') !== undefined) {
    return no('the pod has a sidecar');
  }
  if (own === 'none') {
    return no(`the pod is labelled ${MODE}=none`);
  }
  if (own === 'ambient') {
    return yes(`the pod is labelled ${MODE}=ambient`);
  }
  return ownField(namespace?.metadata.labels, MODE) === 'ambient'
    ? yes(`namespace ${name} is labelled ${MODE}=ambient`)
    : no(`neither the pod nor namespace ${name} is labelled ${MODE}=ambient`);
}

function yes(reason: string): EnrolmentDecision {
  return { isAmbient: true, reason };
}

function no(reason: string): EnrolmentDecision {
  return { isAmbient: false, reason };
}
