import type { Figure } from '@meshdeck/plugin-mesh-common';
import { UNKNOWN } from '../format';
import { Sparkline } from './Sparkline';
import styles from './FigureStrip.module.css';

export interface NamedFigure {
  name: string;
  figure: Figure;
  format: (value: number) => string;
}

/** The figures of a page in one strip, each with its recent course. */
export function FigureStrip(props: { figures: NamedFigure[] }) {
  return (
    <dl className={styles.strip}>
      {props.figures.map(({ name, figure, format }) => (
        <div key={name} className={styles.figure}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>
            {figure.value === undefined ? UNKNOWN : format(figure.value)}
          </dd>
          <dd className={styles.course}>
            <Sparkline figure={figure} name={name} format={format} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
