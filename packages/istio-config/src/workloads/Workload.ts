import type { KubeObject } from '../kube/KubeObject';

/** What runs behind a Service: a Deployment or the like with its pods, or a bare pod. @public */
export interface Workload {
  namespace: string;
  name: string;
  kind: string;
  /** The labels of the pods. */
  labels: Record<string, string>;
  /** Istio's canonical service: `service.istio.io/canonical-name`, `app.kubernetes.io/name` or `app`, else the name. */
  canonicalService: string;
  /** Istio's canonical revision: `service.istio.io/canonical-revision`, `app.kubernetes.io/version` or `version`, else `latest`. */
  canonicalRevision: string;
  serviceAccount: string;
  /** `trust-domain/ns/NAMESPACE/sa/ACCOUNT`, as AuthorizationPolicies name it. */
  principal: string;
  dataPlane: 'sidecar' | 'ambient' | 'none';
  pods: readonly KubeObject[];
  readyPods: number;
  /** The owner itself; absent for a bare pod. */
  owner?: KubeObject;
}
