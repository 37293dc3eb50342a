/**
 * Istio's rules as pure functions over Kubernetes objects: no I/O, nothing of Backstage.
 *
 * @packageDocumentation
 */
export * from './kube/KubeObject';
export * from './kube/age';
export * from './kube/duration';
export * from './kube/selectors';
export * from './kube/reading';
export * from './kube/flattenLists';
export { KUBERNETES_GATEWAY } from './kube/homeGroups';
export * from './MeshConfig';
export * from './MeshConfigSet';
export * from './setFromYaml';
export * from './hosts/hosts';
export * from './workloads/Workload';
export * from './workloads/injection';
export * from './workloads/injectRequired';
export * from './workloads/workloads';
export * from './routes/types';
export * from './routes/stringMatch';
export * from './routes/destinationRules';
export * from './routes/virtualServices';
export * from './routes/effectiveRoutes';
export * from './routes/matchRequest';
export * from './routes/describeRule';
export * from './routes/describeProtection';
export * from './routes/waysIn';
export * from './mtls/types';
export * from './mtls/effectiveMtls';
export * from './mtls/connection';
export * from './authorization/types';
export * from './authorization/policies';
export * from './authorization/ruleMatching';
export * from './authorization/evaluateAccess';
export * from './authorization/callerAccess';
export * from './authorization/callers';
export * from './authorization/tcpRules';
export type {
  Finding,
  FindingDraft,
  FindingLevel,
  FindingRule,
} from './findings/Finding';
export * from './findings/findings';
