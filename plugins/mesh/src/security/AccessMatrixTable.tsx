import type { CallerView } from '@meshdeck/plugin-mesh-common';
import { FirstRows } from '../frame/FirstRows';
import { ScrollTable } from '../frame/ScrollTable';
import { StatusMark, type StatusLevel } from '../frame/StatusMark';
import { accessMatrix, type AccessCell } from './accessMatrix';
import styles from './SecurityTab.module.css';

const CELLS: Record<AccessCell, { level: StatusLevel; words: string }> = {
  allowed: { level: 'ok', words: 'allowed' },
  denied: { level: 'error', words: 'denied' },
  unseen: { level: 'unknown', words: 'allowed, never seen' },
};

/** Who may call me: callers by operations. */
export function AccessMatrixTable(props: { callers: CallerView[] }) {
  const { operations, rows } = accessMatrix(props.callers);
  return (
    <FirstRows of={rows}>
      {shown => (
        <ScrollTable
          label="Who may call"
          head={
            <tr>
              <th scope="col">Caller</th>
              {operations.map(operation => (
                <th key={operation} scope="col" className={styles.operation}>
                  {operation}
                </th>
              ))}
            </tr>
          }
        >
          {shown.map(({ caller, cells }) => (
            <tr key={`${caller.namespace}/${caller.name} ${caller.principal}`}>
              <th scope="row">
                {caller.name}
                <div className={styles.quiet}>{caller.namespace}</div>
              </th>
              {cells.map((cell, index) => (
                <td key={operations[index]} className={styles.nowrap}>
                  <StatusMark level={CELLS[cell].level} size={14}>
                    {CELLS[cell].words}
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
