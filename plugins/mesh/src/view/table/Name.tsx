import styles from './Name.module.css';

/** A name on one line of a table, however long it is: all of it shows on focus, as a title, and in the detail. */
export function Name(props: { children: string; title?: string }) {
  const { children, title = children } = props;
  return (
    <span className={styles.name} title={title}>
      {children}
    </span>
  );
}
