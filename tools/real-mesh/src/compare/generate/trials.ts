import fc from 'fast-check';
import type { AnyObject } from '../../KubeApi';
import { keyOf, type Trial } from '../Trial';
import { destinationRule } from './destinationRules';
import { gateways } from './gateways';
import { authorizationPolicy, peerAuthentication } from './policies';
import { ask } from './requests';
import { sidecar } from './sidecars';
import { delegate, virtualService } from './virtualServices';

const object: fc.Arbitrary<AnyObject> = fc.oneof(
  { weight: 8, arbitrary: virtualService },
  { weight: 2, arbitrary: delegate },
  { weight: 5, arbitrary: destinationRule },
  { weight: 2, arbitrary: peerAuthentication },
  { weight: 3, arbitrary: authorizationPolicy },
  { weight: 1, arbitrary: sidecar },
);

/** A configuration with that many requests. */
export function trials(requests: number): fc.Arbitrary<Trial> {
  return fc
    .tuple(
      gateways,
      fc.uniqueArray(object, { minLength: 1, maxLength: 6, selector: keyOf }),
      fc.array(ask, { minLength: requests, maxLength: requests }),
    )
    .map(([served, objects, requestsOfIt]) => ({
      // As they are written: what is undefined is not there.
      objects: JSON.parse(JSON.stringify([...served, ...objects])),
      requests: requestsOfIt,
    }));
}
