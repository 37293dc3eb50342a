import { SCROLLABLE } from '../scrollable';
import styles from './Yaml.module.css';

/** YAML with line numbers; `marked` lines (from 1) stand out by a bar and by colour. */
export function YamlBlock(props: {
  yaml: string;
  label: string;
  marked?: { from: number; to: number };
}) {
  const { yaml, label, marked } = props;
  const lines = yaml.replace(/\n$/, '').split('\n');
  return (
    <div className={styles.box} aria-label={label} {...SCROLLABLE}>
      <table className={styles.lines}>
        <tbody>
          {lines.map((line, index) => {
            const number = index + 1;
            const isMarked =
              marked && number >= marked.from && number <= marked.to;
            return (
              <tr key={number} className={isMarked ? styles.marked : undefined}>
                <td className={styles.number} data-line={number} aria-hidden />
                <td className={styles.code}>
                  {isMarked ? <mark>{line || ' '}</mark> : line || ' '}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
