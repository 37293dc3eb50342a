import { Text } from '@backstage/ui';
import type { CallerView } from '@meshdeck/plugin-mesh-common';
import { FirstRows } from '../view/table/FirstRows';
import { OwnerLink } from '../view/table/OwnerLink';
import { PlacedName } from '../view/table/PlacedName';
import { ScrollTable } from '../view/table/ScrollTable';
import { StatusMark } from '../view/verdict/StatusMark';
import table from '../view/table/table.module.css';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import styles from './SecurityTab.module.css';

const ENCRYPTED = {
  yes: { level: 'ok', words: 'callers.encryptedYes' },
  partly: { level: 'warning', words: 'callers.encryptedPartly' },
  no: { level: 'error', words: 'callers.encryptedNo' },
  unknown: { level: 'unknown', words: 'callers.encryptedUnknown' },
} as const;

const ALLOWED = {
  yes: { level: 'ok', words: 'callers.allowedYes' },
  partly: { level: 'info', words: 'callers.allowedPartly' },
  no: { level: 'error', words: 'callers.allowedNo' },
} as const;

function Allowed(props: { caller: CallerView }) {
  const { allowed, allowedOperations, deniedShare } = props.caller;
  const { level, words } = ALLOWED[allowed];
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <>
      <StatusMark level={level} size={14}>
        {allowed !== 'no' && allowedOperations.length === 0
          ? t('callers.allowedEverything', { allowed: t(words) })
          : t(words)}
      </StatusMark>
      {allowed !== 'no' && allowedOperations.length > 0 && (
        <ul className={table.plain}>
          {allowedOperations.map(operation => (
            <li key={operation}>{operation}</li>
          ))}
        </ul>
      )}
      {deniedShare !== undefined && deniedShare > 0 && (
        <div>
          <StatusMark level="warning" size={14}>
            {t('callers.refused', { share: format.share(deniedShare) })}
          </StatusMark>
        </div>
      )}
    </>
  );
}

/** Who calls or may call, how, and by which rule. */
export function CallersTable(props: { callers: CallerView[] }) {
  const { callers } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  if (callers.length === 0) {
    return <Text>{t('callers.none')}</Text>;
  }
  return (
    <FirstRows of={callers}>
      {shown => (
        <ScrollTable
          label={t('security.callers')}
          head={
            <tr>
              <th scope="col">{t('callers.caller')}</th>
              <th scope="col">{t('callers.calls')}</th>
              <th scope="col">{t('callers.encrypted')}</th>
              <th scope="col">{t('callers.allowed')}</th>
              <th scope="col">{t('callers.why')}</th>
              <th scope="col">{t('words.owner')}</th>
            </tr>
          }
        >
          {shown.map(caller => (
            <tr key={`${caller.namespace}/${caller.name} ${caller.principal}`}>
              <th scope="row" title={caller.principal}>
                <PlacedName {...caller} />
              </th>
              <td className={table.number}>
                {format.rate(caller.requestsPerSecond)}
              </td>
              <td>
                <StatusMark level={ENCRYPTED[caller.encrypted].level} size={14}>
                  {t(ENCRYPTED[caller.encrypted].words)}
                </StatusMark>
              </td>
              <td className={styles.allowed}>
                <Allowed caller={caller} />
              </td>
              <td className={table.sentence}>{caller.why}</td>
              <td>
                <OwnerLink of={caller} />
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </FirstRows>
  );
}
