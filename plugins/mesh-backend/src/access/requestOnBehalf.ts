import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import type { BackendRequest } from './BackendRequest';

/**
 * A request as the auditor needs one of whoever asks otherwise than over HTTP: it names the actor by the token of a request, and
 * without one it names the plugin itself. Undefined for what is no person: a token on its behalf would name this plugin, too.
 */
export async function requestOnBehalf(
  auth: AuthService,
  credentials: BackstageCredentials,
  place: { action: string },
): Promise<BackendRequest | undefined> {
  if (!auth.isPrincipal(credentials, 'user')) {
    return undefined;
  }
  const { token } = await auth.getPluginRequestToken({
    onBehalfOf: credentials,
    targetPluginId: 'mesh',
  });
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  return {
    method: 'POST',
    originalUrl: `/.backstage/actions/${place.action}`,
    headers,
    get: (name: string) => headers[name.toLowerCase()],
  } as unknown as BackendRequest;
}

/** As an entity ref, or as a plugin or other service is named. */
export function actorOf(
  auth: AuthService,
  credentials: BackstageCredentials,
): string | undefined {
  if (auth.isPrincipal(credentials, 'user')) {
    return credentials.principal.userEntityRef;
  }
  return auth.isPrincipal(credentials, 'service')
    ? credentials.principal.subject
    : undefined;
}
