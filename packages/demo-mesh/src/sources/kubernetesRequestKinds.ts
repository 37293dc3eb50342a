import type { IncomingMessage } from 'node:http';
import { parseRequest } from '../kubernetes/request';

/** What a request to the Kubernetes API asks for, as its counters have it. */
export type KubernetesRequestKind =
  | 'list'
  | 'watch'
  | 'get'
  | 'write'
  | 'discovery';

export const KUBERNETES_REQUEST_KINDS: readonly KubernetesRequestKind[] = [
  'list',
  'watch',
  'get',
  'write',
  'discovery',
];

export function kubernetesRequestKind(
  req: IncomingMessage,
): KubernetesRequestKind {
  try {
    const { attributes } = parseRequest(req);
    switch (attributes?.verb) {
      case undefined:
        return 'discovery';
      case 'list':
      case 'watch':
      case 'get':
        return attributes.verb;
      default:
        return 'write';
    }
  } catch {
    // A path that cannot be read names nothing.
    return 'discovery';
  }
}
