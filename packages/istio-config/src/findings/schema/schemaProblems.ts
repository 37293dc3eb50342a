import type { KubeObject } from '../../kube/KubeObject';
import { defineFinding } from '../Finding';
import {
  authorizationPolicyProblems,
  destinationRuleProblems,
  gatewayProblems,
  peerAuthenticationProblems,
  serviceEntryProblems,
} from './otherProblems';
import type { Problem } from './Problem';
import { virtualServiceProblems } from './virtualServiceProblems';

const VALIDATORS: Record<string, (object: KubeObject) => Iterable<Problem>> = {
  AuthorizationPolicy: authorizationPolicyProblems,
  DestinationRule: destinationRuleProblems,
  Gateway: gatewayProblems,
  PeerAuthentication: peerAuthenticationProblems,
  ServiceEntry: serviceEntryProblems,
  VirtualService: virtualServiceProblems,
};
const SOURCE = 'istio: pkg/config/validation/validation.go';

/** What Istio's webhook refuses. */
export const schemaError = defineFinding({
  code: 'IST0106',
  level: 'error',
  inputs: Object.keys(VALIDATORS),
  source: SOURCE,
  find: inputs => problems(inputs, 'error'),
});

/** What Istio's webhook lets through with a warning. */
export const schemaWarning = defineFinding({
  code: 'IST0133',
  level: 'warning',
  inputs: Object.keys(VALIDATORS),
  source: SOURCE,
  find: inputs => problems(inputs, 'warning'),
});

function* problems(
  inputs: Record<string, readonly KubeObject[]>,
  level: Problem['level'],
) {
  for (const [kind, validate] of Object.entries(VALIDATORS)) {
    for (const resource of inputs[kind]) {
      for (const { level: own, ...rest } of validate(resource)) {
        if (own === level) {
          yield { resource, ...rest };
        }
      }
    }
  }
}
