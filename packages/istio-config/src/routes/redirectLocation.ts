import type { RequestMatch, RouteRule } from './types';

/**
 * Where a redirect leads a request.
 * Source: istio pilot/pkg/networking/core/route/route.go, ApplyRedirect; envoy source/common/http/utility.cc, newUri.
 */
export function redirectLocation(
  redirect: NonNullable<RouteRule['redirect']>,
  asked: { host: string; port: number; path?: string; sni?: string },
  match?: RequestMatch,
): string {
  const { scheme, authority, keepsPort } = redirect;
  const { host, path = '/' } = asked;
  const port = redirect.port ?? (keepsPort ? asked.port : undefined);
  const ownScheme = scheme ?? (asked.sni === undefined ? 'http' : 'https');
  const isDefault =
    port === undefined || port === (ownScheme === 'https' ? 443 : 80);
  // A port in the Host header does not survive a redirect to another scheme.
  const named = authority ?? (scheme ? host.replace(/:(80|443)$/, '') : host);
  return `${ownScheme}://${named}${isDefault ? '' : `:${port}`}${pathAfter(
    redirect,
    path,
    match,
  )}`;
}

/** A query survives, but where the new path has its own. Slashes where prefix and rest meet are not put in order. */
function pathAfter(
  { uri, prefix }: NonNullable<RouteRule['redirect']>,
  path: string,
  match: RequestMatch | undefined,
): string {
  if (prefix) {
    const { prefix: asked = '/', bySegments } = match?.uri ?? {};
    const matched =
      bySegments && asked !== '/' ? asked.replace(/\/$/, '') : asked;
    return `${prefix}${path.slice(matched.length)}`;
  }
  const query = path.indexOf('?');
  return uri && query >= 0 && !uri.includes('?')
    ? `${uri}${path.slice(query)}`
    : uri || path;
}
