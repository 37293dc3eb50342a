import { evaluateAccess } from '../authorization/evaluateAccess';
import { readToken, tokenReaders } from '../authorization/token';
import type { MeshObjects } from '../MeshObjects';
import { refusals } from './arrive';
import type { Call, CallOutcome } from './types';

/** A gateway asks its own policies before it looks for a rule. */
export function refusedAtGateway(
  set: MeshObjects,
  { gateway, port, method, path, host, headers, protocol, jwt }: Call,
): CallOutcome[] {
  const access = evaluateAccess(set, gateway!.workload, {
    port,
    method: method ?? 'GET',
    path: path ?? '/',
    host,
    headers,
    protocol: protocol === 'http' ? 'http' : 'tcp',
    jwt,
  });
  return access.allowed ? [] : refusals(access);
}

/**
 * What a gateway learns of a token, by which its rules may choose, and the call as it goes on: a token that was accepted is taken
 * off unless the rule says `forwardOriginalToken`. Sidecars read no tokens of what leaves them.
 */
export function pastTokenReaders(
  set: MeshObjects,
  call: Call,
): { claims?: Record<string, unknown>; onward: Call } {
  const { gateway, jwt, ...onward } = call;
  if (!gateway || !jwt) {
    return { onward: call };
  }
  const token = readToken(tokenReaders(set, gateway.workload), jwt);
  return token.outcome === 'accepted'
    ? {
        claims: token.claims,
        onward: token.isHandedOn ? call : { ...onward, gateway },
      }
    : { onward: call };
}
