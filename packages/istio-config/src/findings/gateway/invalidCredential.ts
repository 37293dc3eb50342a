import { defineFinding } from '../Finding';
import { certificateOf } from './certificate';
import { credentialsOf, ServerCredential } from './credentials';

/** The Secret of a Gateway holds no certificate that is valid now. */
export const invalidCredential = defineFinding({
  code: 'IST0161',
  level: 'error',
  inputs: ['Gateway'],
  needs: ['Secret'],
  source: 'istio: pkg/config/analysis/analyzers/gateway/secret.go',
  *find({ Gateway: gateways }, set) {
    const now = set.now();
    for (const gateway of gateways) {
      const problems = credentialsOf(set, gateway).flatMap(credential => {
        const problem = problemOf(credential, now);
        return problem ? [{ path: credential.path, problem }] : [];
      });
      if (problems.length > 0) {
        yield {
          resource: gateway,
          path: problems[0].path,
          message: `${problems
            .map(({ problem }) => problem)
            .join('; ')}: TLS handshakes with ${
            problems.length > 1 ? 'these servers' : 'this server'
          } fail.`,
          fix: 'Put a valid PEM certificate in tls.crt and its key in tls.key.',
        };
      }
    }
  },
});

function problemOf(
  { name, secret }: ServerCredential,
  now: number,
): string | undefined {
  // Whoever may list Secrets without their content cannot judge it.
  if (!secret?.data) {
    return undefined;
  }
  const certificate = certificateOf(secret);
  if (!certificate) {
    return `the Secret ${name} holds no readable certificate and key`;
  }
  if (now > certificate.notAfter) {
    return `the certificate in the Secret ${name} ended on ${dayOf(
      certificate.notAfter,
    )}`;
  }
  return now < certificate.notBefore
    ? `the certificate in the Secret ${name} is not valid before ${dayOf(
        certificate.notBefore,
      )}`
    : undefined;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
