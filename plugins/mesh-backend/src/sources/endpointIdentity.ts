import { createHash } from 'crypto';
import type { SourceEndpoint } from '../config/MeshSettings';

/**
 * Another one for every endpoint that may answer otherwise: by its address, by what is sent along (a tenant, credentials that
 * may see more or less) and by whom it is trusted. Whatever is kept of an answer is kept under it. It gives nothing away.
 */
export function endpointIdentity(
  { url, headers, ca }: SourceEndpoint,
  ...more: readonly (string | undefined)[]
): string {
  const sent = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value])
    .sort();
  return createHash('sha256')
    .update(JSON.stringify([url, sent, ca, more]))
    .digest('base64url');
}
