import type { ReactNode } from 'react';
import { Accordion, AccordionPanel, AccordionTrigger } from '@backstage/ui';
import legible from '../legible.module.css';
import { StatusMark, type StatusLevel } from '../verdict/StatusMark';
import { useOpenFolds } from './useOpenFolds';
import styles from './Fold.module.css';

/** One part of a page that shows its heading alone until it is asked for. Open ones stand in the address. */
export function Fold(props: {
  /** What the address calls it. */
  id: string;
  title: string;
  /** What can be said of it while it is closed. */
  note?: string;
  /** Where the note is a judgement. */
  level?: StatusLevel;
  children: ReactNode;
}) {
  const { id, title, note, level, children } = props;
  const folds = useOpenFolds();
  const isOpen = folds.isOpen(id);
  return (
    <Accordion
      className={`${styles.fold} ${legible.legible}`}
      isExpanded={isOpen}
      onExpandedChange={open => folds.set(id, open)}
    >
      <AccordionTrigger level={2}>
        <span className={styles.heading}>
          <span className={styles.title}>{title}</span>
          {note && level && (
            <StatusMark level={level} size={14}>
              {note}
            </StatusMark>
          )}
          {note && !level && <span className={styles.note}>{note}</span>}
        </span>
      </AccordionTrigger>
      <AccordionPanel>
        {isOpen && <div className={styles.body}>{children}</div>}
      </AccordionPanel>
    </Accordion>
  );
}
