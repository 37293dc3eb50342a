import type { ReactNode } from 'react';
import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import legible from '../legible.module.css';
import styles from './Section.module.css';

/** One part of a page under its heading. */
export function Section(props: {
  title: string;
  /** A quiet sentence beside the heading. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { title, note, actions, children } = props;
  return (
    <Card className={`${styles.section} ${legible.legible}`}>
      <CardHeader>
        <div className={styles.header}>
          <Text
            as="h2"
            variant="title-x-small"
            weight="bold"
            className={styles.title}
          >
            {title}
          </Text>
          {note && (
            <Text as="span" variant="body-small" color="secondary">
              {note}
            </Text>
          )}
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
      </CardHeader>
      <CardBody>{children}</CardBody>
    </Card>
  );
}
