import { useCallback } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type {
  CertificateView,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { CertificateCells } from '../certificates/CertificateCells';
import { daysLeft, endIn, renewsItself } from '../certificates/certificateEnd';
import { ScrollTable } from '../view/table/ScrollTable';
import { Fold } from '../view/frame/Fold';
import { useNow } from '../view/useNow';
import { usePolled } from '../view/fetching/usePolled';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';

/** Certificates live for hours at least. */
const CERTIFICATES_INTERVAL_MS = 60_000;

/** The end that somebody has to see to first, so that a closed fold hides none; undefined where all renew themselves. */
function firstEnd(certificates: CertificateView[], now: number, t: Translate) {
  const days = certificates
    .filter(certificate => !renewsItself(certificate, now))
    .flatMap(certificate => daysLeft(certificate, now) ?? []);
  return days.length > 0 ? endIn(Math.min(...days), t) : undefined;
}

/** The certificates that calls to this service hang on, and when they end. */
export function Certificates(props: { address: ViewAddress }) {
  const { address } = props;
  const api = useApi(meshApiRef);
  const { t } = useMeshTranslation();
  const now = useNow(CERTIFICATES_INTERVAL_MS);
  const { answer } = usePolled(
    `${address.entityRef} ${address.placement}`,
    useCallback(() => api.view('certificates', address, {}), [api, address]),
    { intervalMs: CERTIFICATES_INTERVAL_MS },
  );
  if (!answer) {
    return null;
  }
  const first = firstEnd(answer.certificates, now, t);
  return (
    <Fold
      id="certificates"
      title={t('certificates.title')}
      note={
        first
          ? t('certificates.first', { end: first.words })
          : t('certificates.note')
      }
      level={first?.level}
    >
      {answer.certificates.length === 0 ? (
        <Text>{t('certificates.none')}</Text>
      ) : (
        <ScrollTable
          label={t('certificates.title')}
          head={
            <tr>
              <th scope="col">{t('certificates.certificate')}</th>
              <th scope="col">{t('certificates.end')}</th>
              <th scope="col">{t('certificates.issuer')}</th>
            </tr>
          }
        >
          {answer.certificates.map(certificate => (
            <tr key={`${certificate.of} ${certificate.endsAt}`}>
              <CertificateCells
                certificate={certificate}
                now={now}
                without={t('certificates.endUnknown')}
              />
              <td>{certificate.issuer ?? t('words.unknown')}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </Fold>
  );
}
