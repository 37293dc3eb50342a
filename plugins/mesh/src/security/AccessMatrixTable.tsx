import type { CallerView } from '@meshdeck/plugin-mesh-common';
import { FirstRows } from '../view/table/FirstRows';
import { PlacedName } from '../view/table/PlacedName';
import { ScrollTable } from '../view/table/ScrollTable';
import { StatusMark, type StatusLevel } from '../view/verdict/StatusMark';
import table from '../view/table/table.module.css';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { accessMatrix, ALL, REST, type AccessCell } from './accessMatrix';
import styles from './SecurityTab.module.css';

const LEVELS: Record<AccessCell, StatusLevel> = {
  allowed: 'ok',
  denied: 'error',
  unseen: 'unknown',
};

/** Who may call me: callers by operations. */
export function AccessMatrixTable(props: { callers: CallerView[] }) {
  const { t } = useMeshTranslation();
  const { operations, rows } = accessMatrix(props.callers);
  const wordsOf = (operation: string) => {
    if (operation === ALL) return t('matrix.everything');
    return operation === REST ? t('matrix.rest') : operation;
  };
  return (
    <FirstRows of={rows}>
      {shown => (
        <ScrollTable
          label={t('security.matrix')}
          head={
            <tr>
              <th scope="col">{t('callers.caller')}</th>
              {operations.map(operation => (
                <th key={operation} scope="col" className={styles.operation}>
                  {wordsOf(operation)}
                </th>
              ))}
            </tr>
          }
        >
          {shown.map(({ caller, cells }) => (
            <tr key={`${caller.namespace}/${caller.name} ${caller.principal}`}>
              <th scope="row">
                <PlacedName name={caller.name} namespace={caller.namespace} />
              </th>
              {cells.map((cell, index) => (
                <td key={operations[index]} className={table.number}>
                  <StatusMark level={LEVELS[cell]} size={14}>
                    {t(`matrix.${cell}`)}
                  </StatusMark>
                </td>
              ))}
            </tr>
          ))}
        </ScrollTable>
      )}
    </FirstRows>
  );
}
