import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { SCROLLABLE } from '../scrollable';
import styles from './ScrollTable.module.css';

/** Whether there is more of an element to the side than its box shows. */
function useOverflows() {
  const box = useRef<HTMLDivElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') {
      return undefined;
    }
    const observer = new ResizeObserver(() =>
      setOverflows(element.scrollWidth > element.clientWidth),
    );
    observer.observe(element);
    // Rows that come later make the table wider, and not its box.
    observer.observe(element.firstElementChild!);
    return () => observer.disconnect();
  }, []);
  return { box, overflows };
}

/** A table that scrolls inside its own box where the page is narrow, and says so. */
export function ScrollTable(props: {
  label: string;
  head: ReactNode;
  children: ReactNode;
}) {
  const { label, head, children } = props;
  const { t } = useMeshTranslation();
  const { box, overflows } = useOverflows();
  return (
    <>
      {overflows && (
        // Those who cannot see it are told of each cell anyhow.
        <p className={styles.hint} aria-hidden>
          {t('rows.sideways')}
        </p>
      )}
      <div ref={box} className={styles.box} aria-label={label} {...SCROLLABLE}>
        <table className={styles.table} aria-label={label}>
          <thead>{head}</thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </>
  );
}
