import type { FindingRule } from './Finding';
import {
  alphaAnnotation,
  deprecatedAnnotation,
  invalidAnnotation,
  misplacedAnnotation,
  unknownAnnotation,
} from './annotations/annotationFindings';
import { tokenNotRequired } from './authorization/tokenNotRequired';
import {
  deprecatedTemplateAnnotation,
  templateAnnotation,
} from './annotations/templateAnnotations';
import { proxyResourceProblem } from './annotations/proxyResourceProblem';
import { gatewayErrorsCounted } from './destinationRule/gatewayErrorsCounted';
import { incompleteWorkload } from './deployment/incompleteWorkload';
import { alertOnRate } from './monitoring/alertOnRate';
import { unknownProxyMetric } from './monitoring/unknownProxyMetric';
import { portNotANumber } from './schema/placeholders';
import { wrongStructure } from './schema/wrongStructure';
import { globalHost } from './serviceEntry/globalHost';
import { noCatchAll } from './virtualService/noCatchAll';
import { orphanDelegate } from './virtualService/orphanDelegate';
import { namespaceNotFound } from './authorization/namespaceNotFound';
import { policySelectsNothing } from './authorization/policySelectsNothing';
import { unrestrictedKeyFetch } from './authorization/unrestrictedKeyFetch';
import { unsatisfiableRule } from './authorization/unsatisfiableRule';
import { applicationUid } from './deployment/applicationUid';
import { conflictingPorts } from './deployment/conflictingPorts';
import {
  plaintextMonitor,
  plaintextOnStrictPort,
} from './deployment/plaintextOnStrictPort';
import { severalProtocols } from './deployment/severalProtocols';
import { ignoredOutlierField } from './destinationRule/ignoredOutlierField';
import { mixedModeTls } from './destinationRule/mixedModeTls';
import { subsetWithoutPods } from './destinationRule/subsetWithoutPods';
import { unknownHost } from './destinationRule/unknownHost';
import { unverifiedServer } from './destinationRule/unverifiedServer';
import { unverifiedServerOnPort } from './destinationRule/unverifiedServerOnPort';
import {
  ignoredAdd,
  ignoredRemove,
  wrongReplace,
} from './envoyFilter/ignoredOperations';
import {
  relativeOperation,
  relativeOperationAcrossVersions,
} from './envoyFilter/relativeOperations';
import { certificateNearItsEnd } from './gateway/certificateNearItsEnd';
import { conflictingServers } from './gateway/conflictingServers';
import { credentialNotFound } from './gateway/credentialNotFound';
import { duplicateCertificate } from './gateway/duplicateCertificate';
import { invalidCredential } from './gateway/invalidCredential';
import { portNotOnService } from './gateway/portNotOnService';
import { selectorWithoutPods } from './gateway/selectorWithoutPods';
import {
  bundleTooOld,
  versionNotServed,
  versionSoonGone,
} from './gatewayApi/definitionVersions';
import { selectorOnGateway } from './gatewayApi/selectorOnGateway';
import { imageAutoInDeployment, imageAutoInPod } from './injection/imageAuto';
import { namespaceInjectedByDefault } from './injection/namespaceInjectedByDefault';
import { namespaceNotInjected } from './injection/namespaceNotInjected';
import { podWithoutProxy } from './injection/podWithoutProxy';
import { proxyImageMismatch } from './injection/proxyImageMismatch';
import { severalInjectionLabels } from './injection/severalInjectionLabels';
import { negativeCondition } from './mesh/negativeCondition';
import { removedKinds, removedObjects } from './mesh/removedKinds';
import { unknownRegistry } from './mesh/unknownRegistry';
import { webhookError, webhookWarning } from './validation/webhook';
import { unknownField } from './schema/unknownField';
import { ineffectiveMatch, unreachableRule } from './schema/unreachableRules';
import { externalNamePort } from './service/externalNamePort';
import { inconsistentClusters } from './service/inconsistentClusters';
import { portNotNamed } from './service/portNotNamed';
import { addressesRequired } from './serviceEntry/addressesRequired';
import { conflictingProtocols } from './serviceEntry/conflictingProtocols';
import { conflictingSidecars } from './sidecar/conflictingSidecars';
import { ignoredEgressProxy } from './sidecar/ignoredEgressProxy';
import { severalDefaultSidecars } from './sidecar/severalDefaultSidecars';
import { sidecarInAmbient } from './sidecar/sidecarInAmbient';
import { sidecarSelectsNothing } from './sidecar/sidecarSelectsNothing';
import { conflictingTelemetries } from './telemetry/conflictingTelemetries';
import { lightstepProvider } from './telemetry/lightstepProvider';
import { loggingWithoutProvider } from './telemetry/loggingWithoutProvider';
import { severalDefaultTelemetries } from './telemetry/severalDefaultTelemetries';
import { telemetrySelectsNothing } from './telemetry/telemetrySelectsNothing';
import { delegateProblem } from './virtualService/delegateProblems';
import { deprecatedDelayPercent } from './virtualService/deprecatedDelayPercent';
import { destinationNotFound } from './virtualService/destinationNotFound';
import { destinationPortRequired } from './virtualService/destinationPortRequired';
import { gatewayNotFound } from './virtualService/gatewayNotFound';
import { hostNotInGateway } from './virtualService/hostNotInGateway';
import { ingressRouteWithoutSubset } from './virtualService/ingressRouteWithoutSubset';
import { internalGateway } from './virtualService/internalGateway';
import { jwtRouteWithoutAuthentication } from './virtualService/jwtRouteWithoutAuthentication';
import {
  firstTryForgotten,
  retriesExceedTimeout,
} from './virtualService/retriesExceedTimeout';
import { routeWithoutPods } from './virtualService/routeWithoutPods';
import { shadowedVirtualService } from './virtualService/shadowedVirtualService';
import { subsetNotDefined } from './virtualService/subsetNotDefined';
import {
  controlPlaneByAddress,
  invalidControlPlaneAddress,
} from './webhook/externalControlPlane';
import { invalidWebhook } from './webhook/invalidWebhook';

/** All rules there are, in the order of their codes. @public */
export const FINDING_RULES: readonly FindingRule[] = [
  removedKinds,
  ignoredEgressProxy,
  lightstepProvider,
  deprecatedDelayPercent,
  namespaceNotFound,
  credentialNotFound,
  selectorWithoutPods,
  sidecarSelectsNothing,
  telemetrySelectsNothing,
  destinationNotFound,
  gatewayNotFound,
  namespaceNotInjected,
  podWithoutProxy,
  webhookError,
  wrongStructure,
  misplacedAnnotation,
  unknownAnnotation,
  shadowedVirtualService,
  conflictingSidecars,
  severalDefaultSidecars,
  destinationPortRequired,
  severalProtocols,
  portNotNamed,
  severalInjectionLabels,
  invalidAnnotation,
  unknownRegistry,
  policySelectsNothing,
  unverifiedServer,
  unverifiedServerOnPort,
  unreachableRule,
  ineffectiveMatch,
  hostNotInGateway,
  webhookWarning,
  addressesRequired,
  deprecatedAnnotation,
  alphaAnnotation,
  conflictingPorts,
  duplicateCertificate,
  invalidWebhook,
  ingressRouteWithoutSubset,
  applicationUid,
  conflictingServers,
  imageAutoInDeployment,
  imageAutoInPod,
  namespaceInjectedByDefault,
  jwtRouteWithoutAuthentication,
  externalNamePort,
  relativeOperation,
  wrongReplace,
  ignoredAdd,
  ignoredRemove,
  relativeOperationAcrossVersions,
  versionNotServed,
  loggingWithoutProvider,
  proxyImageMismatch,
  conflictingTelemetries,
  severalDefaultTelemetries,
  invalidCredential,
  portNotOnService,
  invalidControlPlaneAddress,
  controlPlaneByAddress,
  internalGateway,
  selectorOnGateway,
  sidecarInAmbient,
  inconsistentClusters,
  negativeCondition,
  versionSoonGone,
  subsetWithoutPods,
  unknownHost,
  unrestrictedKeyFetch,
  bundleTooOld,
  conflictingProtocols,
  ignoredOutlierField,
  routeWithoutPods,
  subsetNotDefined,
  unknownField,
  mixedModeTls,
  unsatisfiableRule,
  retriesExceedTimeout,
  plaintextOnStrictPort,
  plaintextMonitor,
  certificateNearItsEnd,
  delegateProblem,
  removedObjects,
  orphanDelegate,
  noCatchAll,
  gatewayErrorsCounted,
  tokenNotRequired,
  globalHost,
  templateAnnotation,
  deprecatedTemplateAnnotation,
  proxyResourceProblem,
  portNotANumber,
  incompleteWorkload,
  alertOnRate,
  unknownProxyMetric,
  firstTryForgotten,
];
