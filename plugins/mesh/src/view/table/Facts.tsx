import { Fragment, type ReactNode } from 'react';
import styles from './Facts.module.css';

/** What is known of one thing, a line for each fact. */
export function Facts(props: { of: { name: string; fact: ReactNode }[] }) {
  return (
    <dl className={styles.facts}>
      {props.of.map(({ name, fact }) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
