import type { MeshConfig } from '../MeshConfig';
import { normalizedPath } from './normalizedPath';
import type { AccessRequest } from './types';

/** A request, and what the mesh’s settings and the policy that is asked make of it. */
export interface SeenRequest extends AccessRequest {
  /** A service account without a namespace is one of the policy’s own. */
  policyNamespace?: string;
  /** The mesh’s trust domain and its aliases. */
  trustDomains?: readonly string[];
  /** The providers that CUSTOM policies may name; absent where that is not known. */
  authorizers?: readonly string[];
}

/** A request as a proxy of the mesh sees it. */
export function seenIn(
  {
    trustDomain,
    trustDomainAliases = [],
    extensionProviders,
    pathNormalization,
  }: MeshConfig,
  request: AccessRequest,
): SeenRequest {
  return {
    ...request,
    path: request.path && normalizedPath(request.path, pathNormalization),
    trustDomains: [trustDomain, ...trustDomainAliases],
    authorizers: extensionProviders
      ?.filter(({ type }) => type.startsWith('envoyExtAuthz'))
      .map(({ name }) => name),
  };
}
