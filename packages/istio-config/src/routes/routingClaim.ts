import { ownField, textsOf } from '../kube/reading';

const PREFIX = '@request.auth.claims';

/**
 * The way to a claim that a match names as if it were a header: `@request.auth.claims.a.b`, or `@request.auth.claims[a][b]`.
 * Source: istio pkg/jwt/routing.go, ToRoutingClaim.
 */
export function routingClaim(header: string): string[] | undefined {
  if (!header.toLowerCase().startsWith(PREFIX)) {
    return undefined;
  }
  const name = header.slice(PREFIX.length);
  if (name.startsWith('.') && name.length > 1) {
    return name.slice(1).split('.');
  }
  return name.startsWith('[') && name.endsWith(']') && name.length > 2
    ? name.slice(1, -1).split('][')
    : undefined;
}

/** A claim as texts; what is neither a text nor a list of texts is none. */
export function claimAt(
  claims: Record<string, unknown> | undefined,
  way: readonly string[],
): string[] {
  const value = way.reduce(
    (found: unknown, step) => ownField(found, step),
    claims,
  );
  return typeof value === 'string' ? [value] : textsOf(value);
}
