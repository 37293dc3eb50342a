import { defineFinding } from '../Finding';
import { certificateOf } from './certificate';
import { credentialsOf } from './credentials';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** A Gateway's certificate ends within 30 days. */
export const certificateNearItsEnd = defineFinding({
  code: 'MD0111',
  level: 'warning',
  inputs: ['Gateway'],
  needs: ['Secret'],
  source: 'RFC 5280, 4.1.2.5: notAfter; renewal usually starts a third before',
  *find({ Gateway: gateways }, set) {
    const now = set.now();
    for (const gateway of gateways) {
      for (const { path, name, secret } of credentialsOf(set, gateway)) {
        const certificate = secret?.data && certificateOf(secret);
        if (!certificate) {
          continue;
        }
        const days = Math.floor((certificate.notAfter - now) / DAY_MS);
        if (certificate.notAfter >= now && days < SOON_DAYS) {
          yield {
            resource: gateway,
            path,
            message: `The certificate in the Secret ${name} ends in ${days} days, on ${new Date(
              certificate.notAfter,
            )
              .toISOString()
              .slice(0, 10)}: after that clients refuse the connection.`,
            fix: 'Renew it, or see why it was not renewed by itself.',
          };
        }
      }
    }
  },
});
