import { fullNameOf, KubeObject } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { selects } from '../../kube/selectors';
import { defineFinding } from '../Finding';

/** Two Gateways of the same proxies with one certificate: browsers reuse the connection of one for the other and get 404. */
export const duplicateCertificate = defineFinding({
  code: 'IST0138',
  level: 'warning',
  scope: 'mesh',
  inputs: ['Gateway'],
  source: 'istio: pkg/config/analysis/analyzers/gateway/certificate.go',
  *find({ Gateway: gateways }) {
    const users = new Map<string, Set<KubeObject>>();
    for (const gateway of gateways) {
      for (const { certificate } of certificatesOf(gateway)) {
        const known = users.get(certificate) ?? new Set();
        users.set(certificate, known.add(gateway));
      }
    }
    for (const gateway of gateways) {
      for (const { certificate, path } of certificatesOf(gateway)) {
        for (const other of users.get(certificate) ?? []) {
          if (
            other !== gateway &&
            selects(gateway.spec?.selector, other.spec?.selector ?? {})
          ) {
            yield {
              resource: gateway,
              path,
              message: `Gateway ${fullNameOf(
                other,
              )} of the same proxies uses the same certificate: HTTP/2 clients reuse a connection to one for hosts of the other, and get 404.`,
              fix: 'Serve all hosts of the certificate in one Gateway, or give each its own certificate.',
            };
          }
        }
      }
    }
  },
});

function certificatesOf(
  gateway: KubeObject,
): { certificate: string; path: string }[] {
  return itemsOf(gateway.spec?.servers).flatMap((server, index) => {
    const tls = server?.tls;
    const path = `spec.servers[${index}].tls`;
    if (tls?.credentialName) {
      return [{ certificate: `secret ${tls.credentialName}`, path }];
    }
    return tls?.serverCertificate && tls.privateKey
      ? [
          {
            certificate: `files ${tls.serverCertificate} ${tls.privateKey}`,
            path,
          },
        ]
      : [];
  });
}
