import { Link } from '@backstage/ui';
import type { Figure } from '@meshdeck/plugin-mesh-common';
import { UNKNOWN } from '../../format';
import { Sparkline } from './Sparkline';
import styles from './FigureStrip.module.css';

export interface NamedFigure {
  name: string;
  figure: Figure;
  format: (value: number) => string;
  dayBefore?: Figure;
  /** The page that says more of it. */
  href?: string;
}

/** The figures of a page in one strip, each with its recent history. */
export function FigureStrip(props: { figures: NamedFigure[] }) {
  return (
    <dl className={styles.strip}>
      {props.figures.map(({ name, figure, format, dayBefore, href }) => (
        <div key={name} className={styles.figure}>
          <dt className={styles.name}>
            {href ? <Link href={href}>{name}</Link> : name}
          </dt>
          <dd className={styles.value}>
            {figure.value === undefined ? UNKNOWN : format(figure.value)}
          </dd>
          <dd className={styles.history}>
            <Sparkline
              figure={figure}
              name={name}
              format={format}
              dayBefore={dayBefore}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}
