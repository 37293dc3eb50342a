import { defineFinding } from '../Finding';

/** Why a client does not know whom it talks to. */
export function withoutCertificates(tls: any): boolean {
  return (
    (tls?.mode === 'SIMPLE' || tls?.mode === 'MUTUAL') && !tls.caCertificates
  );
}

/** TLS without `caCertificates`: anybody's certificate is taken for the server's. */
export const unverifiedServer = defineFinding({
  code: 'IST0128',
  level: 'warning',
  inputs: ['DestinationRule'],
  source:
    'istio: pkg/config/analysis/analyzers/destinationrule/ca-certificates.go',
  *find({ DestinationRule: rules }) {
    for (const rule of rules) {
      const tls = rule.spec?.trafficPolicy?.tls;
      if (withoutCertificates(tls)) {
        yield {
          resource: rule,
          path: 'spec.trafficPolicy.tls',
          message: `TLS to ${rule.spec.host} is ${tls.mode} without caCertificates: the server's certificate is not checked against an authority of your choice.`,
          fix: 'Set caCertificates to the authority that signs for the server.',
        };
      }
    }
  },
});
