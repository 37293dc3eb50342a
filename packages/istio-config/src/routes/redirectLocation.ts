import type { RouteRule } from './types';

/**
 * Where a redirect leads a request.
 * Source: istio pilot/pkg/networking/core/route/route.go, ApplyRedirect; envoy source/common/http/utility.cc, newUri.
 */
export function redirectLocation(
  redirect: NonNullable<RouteRule['redirect']>,
  asked: { host: string; port: number; path?: string },
): string {
  const { scheme, authority, uri, keepsPort } = redirect;
  const { host, path = '/' } = asked;
  const port = redirect.port ?? (keepsPort ? asked.port : undefined);
  const ownScheme = scheme ?? 'http';
  const isDefault =
    port === undefined || port === (ownScheme === 'https' ? 443 : 80);
  // A port in the Host header does not survive a redirect to another scheme.
  const named = authority ?? (scheme ? host.replace(/:(80|443)$/, '') : host);
  const query = path.indexOf('?');
  const target =
    uri && query >= 0 && !uri.includes('?')
      ? `${uri}${path.slice(query)}`
      : uri || path;
  return `${ownScheme}://${named}${isDefault ? '' : `:${port}`}${target}`;
}
