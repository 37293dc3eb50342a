import { Text } from '@backstage/ui';
import type { ControlPlaneView } from '@meshdeck/plugin-mesh-common';
import { CertificateCells } from '../../certificates/CertificateCells';
import { daysLeft } from '../../certificates/certificateEnd';
import { ScrollTable } from '../../view/table/ScrollTable';
import { Section } from '../../view/frame/Section';
import table from '../../view/table/table.module.css';
import { useNow } from '../../view/useNow';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';

const HOUR_MS = 3_600_000;

/** When certificates end, the next one first. */
export function CertificatesSection(props: { planes: ControlPlaneView[] }) {
  const { t } = useMeshTranslation();
  const format = useFormat();
  const now = useNow(HOUR_MS);
  const certificates = props.planes
    .flatMap(({ cluster, certificates: own }) =>
      own.map(certificate => ({
        cluster,
        certificate,
        days: daysLeft(certificate, now) ?? Infinity,
      })),
    )
    .sort((a, b) => a.days - b.days);
  return (
    <Section title={t('certificates.title')} note={t('ends.note')}>
      {certificates.length === 0 ? (
        <Text>{t('ends.none')}</Text>
      ) : (
        <ScrollTable
          label={t('certificates.title')}
          head={
            <tr>
              <th scope="col">{t('certificates.certificate')}</th>
              <th scope="col">{t('certificates.end')}</th>
              <th scope="col">{t('ends.on')}</th>
              <th scope="col">{t('certificates.issuer')}</th>
              <th scope="col">{t('ends.cluster')}</th>
            </tr>
          }
        >
          {certificates.map(({ cluster, certificate }) => (
            <tr key={`${cluster} ${certificate.of} ${certificate.endsAt}`}>
              <CertificateCells
                certificate={certificate}
                now={now}
                without={t('words.unknown')}
              />
              <td className={table.number}>
                {certificate.endsAt
                  ? format.date(certificate.endsAt)
                  : t('words.unknown')}
              </td>
              <td>{certificate.issuer ?? t('words.unknown')}</td>
              <td>{cluster}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </Section>
  );
}
