import { useCallback } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type {
  CertificateView,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { endOf } from '../fleet/certificateEnd';
import { ScrollTable } from '../frame/ScrollTable';
import { Section } from '../frame/Section';
import { StatusMark } from '../frame/StatusMark';
import { useNow } from '../frame/useNow';
import { usePolled } from '../frame/usePolled';
import styles from './SecurityTab.module.css';

/** Certificates live for hours at least. */
const CERTIFICATES_INTERVAL_MS = 60_000;

function CertificateRow(props: { certificate: CertificateView; now: number }) {
  const { certificate, now } = props;
  const end = endOf(certificate, now);
  // Those of the proxies live for a day and renew themselves.
  const isRenewed = certificate.of.startsWith('proxies ');
  const level = isRenewed && end && end.days >= 0 ? 'ok' : end?.level;
  return (
    <tr>
      <th scope="row">
        {certificate.of}
        {certificate.hosts && (
          <div className={styles.quiet}>{certificate.hosts.join(', ')}</div>
        )}
      </th>
      <td>
        <StatusMark level={level ?? 'unknown'} size={14}>
          {end?.words ?? 'end not known'}
        </StatusMark>
        {certificate.message && (
          <div className={styles.quiet}>{certificate.message}</div>
        )}
      </td>
      <td>{certificate.issuer ?? 'not known'}</td>
    </tr>
  );
}

/** The certificates that calls to this service hang on, and when they end. */
export function Certificates(props: { address: ViewAddress }) {
  const { address } = props;
  const api = useApi(meshApiRef);
  const now = useNow(CERTIFICATES_INTERVAL_MS);
  const { answer } = usePolled(
    `${address.entityRef} ${address.placement}`,
    useCallback(() => api.certificates(address), [api, address]),
    { intervalMs: CERTIFICATES_INTERVAL_MS },
  );
  if (!answer) {
    return null;
  }
  return (
    <Section title="Certificates" note="of the proxies and of the ways in">
      {answer.certificates.length === 0 ? (
        <Text>
          No certificate is known: neither Prometheus nor a gateway’s Secret
          tells of one.
        </Text>
      ) : (
        <ScrollTable
          label="Certificates"
          head={
            <tr>
              <th scope="col">Certificate</th>
              <th scope="col">End</th>
              <th scope="col">Issuer</th>
            </tr>
          }
        >
          {answer.certificates.map(certificate => (
            <CertificateRow
              key={`${certificate.of} ${certificate.endsAt}`}
              certificate={certificate}
              now={now}
            />
          ))}
        </ScrollTable>
      )}
    </Section>
  );
}
