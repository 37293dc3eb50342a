import { useState, type ReactNode } from 'react';
import { Button } from '@backstage/ui';
import { useMeshTranslation } from '../translations/useMeshTranslation';

/** More than this a person does not read, and a browser draws slowly. */
export const FIRST_ROWS = 200;

/** Draws the first of many rows; the rest comes when it is asked for. */
export function FirstRows<T>(props: {
  of: T[];
  children: (rows: T[]) => ReactNode;
}) {
  const { of: rows, children } = props;
  const [isAll, setIsAll] = useState(false);
  const { t } = useMeshTranslation();
  if (isAll || rows.length <= FIRST_ROWS) {
    return <>{children(rows)}</>;
  }
  return (
    <>
      {children(rows.slice(0, FIRST_ROWS))}
      <Button variant="secondary" size="small" onPress={() => setIsAll(true)}>
        {t('rows.all', { count: rows.length })}
      </Button>
    </>
  );
}
