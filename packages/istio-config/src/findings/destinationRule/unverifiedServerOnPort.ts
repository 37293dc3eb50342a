import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { withoutCertificates } from './unverifiedServer';

/** The same for the TLS settings of one port. */
export const unverifiedServerOnPort = defineFinding({
  code: 'IST0129',
  level: 'warning',
  inputs: ['DestinationRule'],
  source:
    'istio: pkg/config/analysis/analyzers/destinationrule/ca-certificates.go',
  *find({ DestinationRule: rules }) {
    for (const rule of rules) {
      for (const [index, settings] of itemsOf(
        rule.spec?.trafficPolicy?.portLevelSettings,
      ).entries()) {
        if (withoutCertificates(rule, settings?.tls)) {
          yield {
            resource: rule,
            path: `spec.trafficPolicy.portLevelSettings[${index}].tls`,
            message: `TLS to port ${settings.port?.number} of ${rule.spec.host} is ${settings.tls.mode} without caCertificates: the server's certificate is not checked against an authority of your choice.`,
            fix: 'Set caCertificates to the authority that signs for the server.',
          };
        }
      }
    }
  },
});
