import { defineFinding } from '../Finding';
import { credentialsOf } from './credentials';

/** A Gateway's certificate is to come from a Secret that is not there. */
export const credentialNotFound = defineFinding({
  code: 'IST0101',
  level: 'error',
  inputs: ['Gateway'],
  needs: ['Secret', 'Pod'],
  source: 'istio: pkg/config/analysis/analyzers/gateway/secret.go',
  *find({ Gateway: gateways }, set) {
    for (const gateway of gateways) {
      for (const { path, name, namespace, secret } of credentialsOf(
        set,
        gateway,
      )) {
        if (!secret) {
          yield {
            resource: gateway,
            path,
            message: `There is no Secret ${name} in ${
              namespace || 'the namespace of the gateway’s pods'
            }, where they run: TLS handshakes with this server fail.`,
            fix: 'Create the Secret there, or correct credentialName.',
          };
        }
      }
    }
  },
});
