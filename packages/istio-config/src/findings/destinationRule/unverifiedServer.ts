import type { KubeObject } from '../../kube/KubeObject';
import { defineFinding } from '../Finding';

/** Why a client does not know whom it talks to. Sidecars read a `credentialName` only in rules with a workloadSelector. */
export function withoutCertificates(rule: KubeObject, tls: any): boolean {
  return (
    (tls?.mode === 'SIMPLE' || tls?.mode === 'MUTUAL') &&
    !tls.caCertificates &&
    !(tls.credentialName && rule.spec?.workloadSelector)
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
      if (withoutCertificates(rule, tls)) {
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
