import { ownField } from '../kube/reading';
import type { AccessRequest } from './types';

/**
 * Whether a pattern for `issuer/subject` fits a verified token: issuer and subject are compared apart, split at the last slash.
 * Source: istio pilot/pkg/security/authz/model/generator.go, requestPrincipalGenerator.
 */
export function requestPrincipalMatches(
  pattern: string,
  request: Pick<AccessRequest, 'requestPrincipal' | 'claims'>,
): boolean {
  const { issuer, subject } = identityOf(request);
  if (!issuer || !subject) {
    return false;
  }
  if (pattern === '*') {
    return true;
  }
  const slash = pattern.lastIndexOf('/');
  const [wantedIssuer, wantedSubject] =
    slash < 0
      ? [undefined, undefined]
      : [pattern.slice(0, slash), pattern.slice(slash + 1)];
  if (pattern.startsWith('*')) {
    return wantedIssuer === undefined
      ? subject.endsWith(pattern.slice(1))
      : issuer.endsWith(wantedIssuer.slice(1)) && subject === wantedSubject;
  }
  if (pattern.endsWith('*')) {
    return wantedIssuer === undefined || wantedSubject === undefined
      ? issuer.startsWith(pattern.slice(0, -1))
      : issuer === wantedIssuer &&
          subject.startsWith(wantedSubject.slice(0, -1));
  }
  return (
    issuer === (wantedIssuer ?? pattern) && subject === (wantedSubject ?? '')
  );
}

function identityOf({
  requestPrincipal,
  claims,
}: Pick<AccessRequest, 'requestPrincipal' | 'claims'>) {
  const [iss, sub] = ['iss', 'sub'].map(name => ownField(claims, name));
  if (typeof iss === 'string' || typeof sub === 'string') {
    return {
      issuer: typeof iss === 'string' ? iss : undefined,
      subject: typeof sub === 'string' ? sub : undefined,
    };
  }
  const slash = requestPrincipal?.lastIndexOf('/') ?? -1;
  return slash < 0
    ? {}
    : {
        issuer: requestPrincipal?.slice(0, slash),
        subject: requestPrincipal?.slice(slash + 1),
      };
}
