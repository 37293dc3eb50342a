import { defineFinding } from '../Finding';
import { certificateOf } from './certificate';
import { credentialsOf } from './credentials';

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
      for (const { path, name, secret } of credentialsOf(set, gateway)) {
        // Whoever may list Secrets without their content cannot judge it.
        if (!secret?.data) {
          continue;
        }
        const certificate = certificateOf(secret);
        if (!certificate) {
          yield {
            resource: gateway,
            path,
            message: `The Secret ${name} holds no readable certificate and key: TLS handshakes with this server fail.`,
            fix: 'Put a PEM certificate in tls.crt and its key in tls.key.',
          };
        } else if (now > certificate.notAfter || now < certificate.notBefore) {
          yield {
            resource: gateway,
            path,
            message: `The certificate in the Secret ${name} ${
              now > certificate.notAfter
                ? `ended on ${dayOf(certificate.notAfter)}`
                : `is not valid before ${dayOf(certificate.notBefore)}`
            }: clients refuse the connection.`,
            fix: 'Renew the certificate.',
          };
        }
      }
    }
  },
});

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
