import { Text, VisuallyHidden } from '@backstage/ui';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { diffRows } from './diffRows';
import { SCROLLABLE } from '../view/scrollable';
import styles from '../view/yaml/Yaml.module.css';

const SIGNS = { added: '+', removed: '−', same: ' ' };

/** Two texts as one, with a sign before each line that came or went. */
export function YamlDiff(props: {
  before: string;
  after: string;
  label: string;
}) {
  const { before, after, label } = props;
  const { t } = useMeshTranslation();
  const rows = diffRows(before, after);
  if (rows.length === 0) {
    return <Text color="secondary">{t('diff.nothing')}</Text>;
  }
  return (
    <div className={styles.box} aria-label={label} {...SCROLLABLE}>
      <table className={styles.lines}>
        <tbody>
          {rows.map(row =>
            row.kind === 'gap' ? (
              <tr key={row.key} className={styles.gap}>
                {/* One wide cell at the top would read as a caption. */}
                <td />
                <td>{t('diff.same', { count: row.lines })}</td>
              </tr>
            ) : (
              <tr
                key={row.key}
                className={row.kind === 'same' ? undefined : styles[row.kind]}
              >
                <td className={styles.sign}>
                  <span aria-hidden>{SIGNS[row.kind]}</span>
                  {row.kind !== 'same' && (
                    <VisuallyHidden>{t(`diff.${row.kind}`)} </VisuallyHidden>
                  )}
                </td>
                <td className={styles.code}>{row.text || ' '}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
