import type { CertificateView } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { daysLeft, endIn, renewsItself } from './certificateEnd';
import { Name } from '../view/table/Name';
import { StatusMark } from '../view/verdict/StatusMark';
import table from '../view/table/table.module.css';

/** The first two cells of a certificate's row: whose it is, and when it ends. */
export function CertificateCells(props: {
  certificate: CertificateView;
  now: number;
  /** Where the end is not known. */
  without: string;
}) {
  const { certificate, now, without } = props;
  const { t } = useMeshTranslation();
  const days = daysLeft(certificate, now);
  const end = days === undefined ? undefined : endIn(days, t);
  const isRenewed = renewsItself(certificate, now);
  return (
    <>
      <th scope="row">
        <Name>{certificate.of}</Name>
        {certificate.hosts && (
          <div className={table.quiet}>
            <Name>{certificate.hosts.join(', ')}</Name>
          </div>
        )}
      </th>
      <td className={table.sentence}>
        <StatusMark
          level={isRenewed ? 'ok' : end?.level ?? 'unknown'}
          size={14}
        >
          {end?.words ?? without}
        </StatusMark>
        {certificate.message && (
          <div className={table.quiet}>{certificate.message}</div>
        )}
      </td>
    </>
  );
}
