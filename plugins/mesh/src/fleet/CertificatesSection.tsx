import { Text } from '@backstage/ui';
import type { ControlPlaneView } from '@meshdeck/plugin-mesh-common';
import { ScrollTable } from '../frame/ScrollTable';
import { Section } from '../frame/Section';
import { StatusMark } from '../frame/StatusMark';
import { useNow } from '../frame/useNow';
import { endOf } from './certificateEnd';
import styles from './fleet.module.css';

const HOUR_MS = 3_600_000;

/** When certificates end, the next one first. */
export function CertificatesSection(props: { planes: ControlPlaneView[] }) {
  const now = useNow(HOUR_MS);
  const certificates = props.planes
    .flatMap(({ cluster, certificates: own }) =>
      own.map(certificate => ({
        cluster,
        certificate,
        end: endOf(certificate, now),
      })),
    )
    .sort((a, b) => (a.end?.days ?? Infinity) - (b.end?.days ?? Infinity));
  return (
    <Section
      title="Certificates"
      note="Proxies renew their own; these want a person."
    >
      {certificates.length === 0 ? (
        <Text>
          No certificate is known. The root’s end comes from istiod’s metrics in
          Prometheus: check that it scrapes istiod.
        </Text>
      ) : (
        <ScrollTable
          label="Certificates"
          head={
            <tr>
              <th scope="col">Certificate</th>
              <th scope="col">End</th>
              <th scope="col">On</th>
              <th scope="col">Issuer</th>
              <th scope="col">Cluster</th>
            </tr>
          }
        >
          {certificates.map(({ cluster, certificate, end }) => (
            <tr key={`${cluster} ${certificate.of} ${certificate.endsAt}`}>
              <th scope="row">
                {certificate.of}
                {certificate.hosts && (
                  <div className={styles.quiet}>
                    {certificate.hosts.join(', ')}
                  </div>
                )}
              </th>
              <td>
                <StatusMark level={end?.level ?? 'unknown'} size={14}>
                  {end?.words ?? 'not known'}
                </StatusMark>
                {certificate.message && (
                  <div className={styles.quiet}>{certificate.message}</div>
                )}
              </td>
              <td className={styles.number}>
                {certificate.endsAt
                  ? new Date(certificate.endsAt).toLocaleDateString('en-GB', {
                      day: 'numeric',
                      month: 'short',
                      year: 'numeric',
                    })
                  : 'not known'}
              </td>
              <td>{certificate.issuer ?? 'not known'}</td>
              <td>{cluster}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </Section>
  );
}
