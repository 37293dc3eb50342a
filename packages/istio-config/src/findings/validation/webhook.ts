import type { KubeObject } from '../../kube/KubeObject';
import { ofObject } from '../../kube/ofObject';
import { defineFinding } from '../Finding';
import { authorizationPolicyProblems } from './authorizationPolicy';
import { destinationRuleProblems } from './destinationRule';
import { envoyFilterProblems } from './envoyFilter';
import {
  proxyConfigProblems,
  trafficExtensionProblems,
  wasmPluginProblems,
} from './extensions';
import { gatewayProblems } from './gateway';
import { lengthProblems } from './lengths';
import { metadataProblems } from './metadata';
import { peerAuthenticationProblems } from './peerAuthentication';
import type { Problem } from './Problem';
import { requestAuthenticationProblems } from './requestAuthentication';
import { serviceEntryProblems } from './serviceEntry';
import { sidecarProblems } from './sidecar';
import { telemetryProblems } from './telemetry';
import { virtualServiceProblems } from './virtualService';
import { workloadGroupProblems, workloadProblems } from './workloads';

const VALIDATORS: Record<string, (object: KubeObject) => Iterable<Problem>> = {
  AuthorizationPolicy: authorizationPolicyProblems,
  DestinationRule: destinationRuleProblems,
  EnvoyFilter: envoyFilterProblems,
  Gateway: gatewayProblems,
  PeerAuthentication: peerAuthenticationProblems,
  ProxyConfig: proxyConfigProblems,
  RequestAuthentication: requestAuthenticationProblems,
  ServiceEntry: serviceEntryProblems,
  Sidecar: sidecarProblems,
  Telemetry: telemetryProblems,
  TrafficExtension: trafficExtensionProblems,
  VirtualService: virtualServiceProblems,
  WasmPlugin: wasmPluginProblems,
  WorkloadEntry: workloadProblems,
  WorkloadGroup: workloadGroupProblems,
};
const SOURCE = 'istio: pkg/config/validation/validation.go';

/** What Istio's webhook refuses. */
export const webhookError = defineFinding({
  code: 'IST0106',
  level: 'error',
  inputs: Object.keys(VALIDATORS),
  source: SOURCE,
  find: inputs => problemsOf(inputs, 'error'),
});

/** What Istio's webhook lets through with a warning. */
export const webhookWarning = defineFinding({
  code: 'IST0133',
  level: 'warning',
  inputs: Object.keys(VALIDATORS),
  source: SOURCE,
  find: inputs => problemsOf(inputs, 'warning'),
});

/** Errors and warnings come of one reading. */
const problemsIn = ofObject((resource): readonly Problem[] => [
  ...metadataProblems(resource),
  ...lengthProblems(resource),
  ...VALIDATORS[resource.kind](resource),
]);

function* problemsOf(
  inputs: Record<string, readonly KubeObject[]>,
  level: Problem['level'],
) {
  for (const resource of Object.values(inputs).flat()) {
    // The Gateway API has a Gateway, too, which is not Istio's to validate.
    if (/\bistio\.io\//.test(resource.apiVersion)) {
      for (const { level: own, ...rest } of problemsIn(resource)) {
        if (own === level) {
          yield { resource, ...rest };
        }
      }
    }
  }
}
