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
export * from './kube/place';
export * from './kube/flattenLists';
export { filedKind, KUBERNETES_GATEWAY } from './kube/homeGroups';
export * from './MeshConfig';
export * from './MeshObjects';
export * from './SetReading';
export * from './setFromYaml';
export { editDistance } from './editDistance';
export * from './hosts/hosts';
export * from './workloads/Workload';
export * from './workloads/injection';
export * from './workloads/injectRequired';
export * from './workloads/workloads';
export * from './workloads/systemNamespaces';
export * from './workloads/enrolment';
export * from './workloads/waypoints';
export * from './workloads/servicePorts';
export * from './workloads/quantity';
export * from './workloads/proxyResources';
export * from './routes/types';
export * from './routes/stringMatch';
export * from './routes/destinationRules';
export { gatewaysOf, hostsOf, qualifyGateways } from './routes/virtualServices';
export { effectiveRoutes } from './routes/effectiveRoutes';
export type { RouteQuery } from './routes/effectiveRoutes';
export { effectiveRoutesOfHost } from './routes/effectiveRoutesOfHost';
export type { HostQuery } from './routes/effectiveRoutesOfHost';
export { isConnectionPort } from './routes/portProtocol';
export * from './routes/localityRouting';
export * from './routes/describeLocality';
export { sidecarScopeOf } from './routes/sidecarScope';
export type {
  EgressListener,
  HostImport,
  SidecarClient,
  SidecarScope,
} from './routes/sidecarScope';
export { requestsTaken, routesBeside } from './routes/gatewayApi/routesBeside';
export * from './routes/versionSplits';
export * from './routes/matchRequest';
export * from './routes/describeRule';
export * from './routes/describeProtection';
export * from './routes/waysIn';
export { isGranted } from './routes/gatewayApi/isGranted';
export * from './mtls/types';
export * from './workloads/inboundCapture';
export * from './mtls/effectiveMtls';
export * from './mtls/connection';
export * from './authorization/types';
export * from './calls/types';
export { foretellCall } from './calls/foretellCall';
export * from './authorization/enforcement';
export * from './authorization/policies';
export * from './authorization/ruleMatching';
export * from './authorization/evaluateAccess';
export * from './authorization/callerAccess';
export * from './authorization/callers';
export * from './authorization/token';
export * from './authorization/ztunnelRules';
export * from './authorization/tcpRules';
export type {
  Finding,
  FindingDraft,
  FindingLevel,
  FindingRule,
} from './findings/Finding';
export type { Edit, Mend } from './findings/Mend';
export * from './edits/PatchOperation';
export * from './edits/isSameJson';
export * from './edits/EditRefused';
export * from './edits/shiftSplit';
export * from './edits/shiftWeights';
export * from './edits/ChangePlan';
export * from './edits/undo';
export * from './edits/usesLost';
export { versionsOf } from './edits/versions';
export type { RuleAnswer, ServiceName } from './edits/editRule';
export * from './edits/callers';
export * from './edits/changeEnd';
export * from './edits/circuitBreaker';
export * from './edits/conditionalRoute';
export * from './edits/editObject';
export * from './edits/enrolment';
export * from './edits/faultInjection';
export { planBalancing } from './edits/loadBalancing';
export type { BalancingAnswers } from './edits/loadBalancing';
export * from './edits/mirrorTraffic';
export * from './edits/onboarding';
export { onboardedEntity, onboardingObjects } from './edits/onboardingObjects';
export type { OnboardingAnswers } from './edits/onboardingObjects';
export * from './edits/peerMode';
export * from './edits/proxyResources';
export * from './edits/restartWorkload';
export * from './edits/routeRetries';
export * from './edits/routeTimeout';
export * from './edits/sampling';
export { fieldOperations } from './edits/setFields';
export * from './edits/shiftBackends';
export * from './health/types';
export { DEFAULT_TOLERANCES, tolerancesFor } from './health/tolerances';
export * from './health/requestHealth';
export * from './health/latencyHealth';
export * from './health/replicaHealth';
export * from './health/serviceHealth';
export * from './findings/findings';
export * from './findings/malformed';
export { shapeOf } from './findings/schema/shapes';
export type { Shape } from './findings/schema/shapes';
export { SHARED_SHAPES, SPEC_SHAPES } from './findings/schema/istioFields';
export * from './manifests/SpliceRefused';
export { spliceManifest, spliceResources } from './manifests/spliceManifest';
export type { SplicedManifest } from './manifests/spliceManifest';
export { holdsManifest } from './manifests/readManifest';
export type { ManifestOptions } from './manifests/readManifest';
export * from './manifests/deliveredBy';
export { SourceRefused } from './manifests/ManifestSource';
export type { ManifestSource } from './manifests/ManifestSource';
export * from './manifests/argoSources';
export * from './manifests/fluxSource';
export { mayPatch, mayReplace } from './manifests/mayPatch';
