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
    const users = usersOfCertificates(gateways);
    for (const gateway of gateways) {
      for (const { certificate, path } of certificatesOf(gateway)) {
        const others = [...(users.get(certificate)?.values() ?? [])]
          .filter(([first]) =>
            selects(gateway.spec?.selector, first.spec?.selector ?? {}),
          )
          .flat()
          .filter(other => other !== gateway);
        if (others.length > 0) {
          yield {
            resource: gateway,
            path,
            message: `${namesOf(
              others,
            )}: HTTP/2 clients reuse a connection to one for hosts of the other, and get 404.`,
            fix: 'Serve all hosts of the certificate in one Gateway, or give each its own certificate.',
          };
        }
      }
    }
  },
});

function namesOf([first, ...rest]: readonly KubeObject[]): string {
  const name = fullNameOf(first);
  return rest.length === 0
    ? `Gateway ${name} of the same proxies uses the same certificate`
    : `Gateway ${name} and ${rest.length} more of the same proxies use the same certificate`;
}

/** By certificate and selector: many Gateways may share both. */
function usersOfCertificates(
  gateways: readonly KubeObject[],
): Map<string, Map<string, KubeObject[]>> {
  const users = new Map<string, Map<string, KubeObject[]>>();
  for (const gateway of gateways) {
    const selector = JSON.stringify(gateway.spec?.selector ?? {});
    for (const certificate of new Set(
      certificatesOf(gateway).map(used => used.certificate),
    )) {
      const bySelector: Map<string, KubeObject[]> =
        users.get(certificate) ?? new Map();
      users.set(certificate, bySelector);
      const sharing = bySelector.get(selector);
      if (sharing) {
        sharing.push(gateway);
      } else {
        bySelector.set(selector, [gateway]);
      }
    }
  }
  return users;
}

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
