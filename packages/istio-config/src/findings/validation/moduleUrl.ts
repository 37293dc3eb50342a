/** Schemes of places where a module may be; without one it is a registry's. */
export const MODULE_SCHEMES = ['file', 'http', 'https', 'oci'];

/**
 * Whether a WasmPlugin may name this as the place of its module: the rule of its definition (`isURL`, `getScheme`) and the webhook, both by Go's
 * way of reading addresses. Sources: net/url (Go 1.26), Parse and ParseRequestURI; istio pkg/config/validation, validateWasmPluginURL.
 */
export function isModuleUrl(text: string): boolean {
  const asked = schemeOf(text, true);
  const byDefinition =
    asked === undefined
      ? schemeOf(`http://${text}`, true) !== undefined
      : isAllowed(asked);
  const byWebhook = schemeOf(text, false);
  return byDefinition && byWebhook !== undefined && isAllowed(byWebhook);
}

function isAllowed(scheme: string): boolean {
  return scheme === '' || MODULE_SCHEMES.includes(scheme);
}

/** Empty where it names none, undefined where it is no address; one that is requested is whole or begins with a slash. */
function schemeOf(text: string, isRequested: boolean): string | undefined {
  if (/[\p{Cc}]/u.test(text) || text.startsWith(':')) {
    return undefined;
  }
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(text)?.[0] ?? '';
  const rest = (scheme ? text.slice(scheme.length + 1) : text).split('?')[0];
  if (!rest.startsWith('/')) {
    const isWhole = scheme !== '';
    const isPath = !isRequested && !rest.split('/')[0].includes(':');
    return isWhole || (isPath && isEscaped(rest))
      ? scheme.toLowerCase()
      : undefined;
  }
  const [, authority, path] =
    scheme && rest.startsWith('//')
      ? /^\/\/([^/]*)(.*)$/s.exec(rest)!
      : ['', undefined, rest];
  const isRead =
    (authority === undefined || isAuthority(authority, scheme)) &&
    isEscaped(path);
  return isRead ? scheme.toLowerCase() : undefined;
}

function isAuthority(authority: string, scheme: string): boolean {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (/[ #%\\^`{|}]/.test(host)) {
    return false;
  }
  const [, port] = host.startsWith('[')
    ? /^\[[^\]]*\](.*)$/.exec(host) ?? []
    : /^[^:]*(.*)$/.exec(host)!;
  const last =
    host.startsWith('[') || /^https?$/i.test(scheme)
      ? port
      : port?.slice(Math.max(port.lastIndexOf(':'), 0));
  return last !== undefined && /^(:\d*)?$/.test(last);
}

function isEscaped(path: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(path);
}
