import { useCallback } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type { ViewAddress } from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { CertificateCells } from '../certificates/CertificateCells';
import { ScrollTable } from '../view/table/ScrollTable';
import { Section } from '../view/frame/Section';
import { useNow } from '../view/useNow';
import { usePolled } from '../view/fetching/usePolled';
import { useMeshTranslation } from '../translations/useMeshTranslation';

/** Certificates live for hours at least. */
const CERTIFICATES_INTERVAL_MS = 60_000;

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
  return (
    <Section title={t('certificates.title')} note={t('certificates.note')}>
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
    </Section>
  );
}
