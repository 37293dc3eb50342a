import { useState, type ReactNode } from 'react';
import { Button } from '@backstage/ui';
import { useMeshTranslation } from '../../translations/useMeshTranslation';

/** More than this a person does not read, and a browser draws slowly. */
const FIRST_ROWS = 200;

/** Draws the first of many rows; the rest comes when it is asked for. */
export function FirstRows<T>(props: {
  of: T[];
  first?: number;
  /** What the button says, where it names what there is more of. */
  all?: string;
  children: (rows: T[]) => ReactNode;
}) {
  const { of: rows, first = FIRST_ROWS, all, children } = props;
  const [isAll, setIsAll] = useState(false);
  const { t } = useMeshTranslation();
  if (isAll || rows.length <= first) {
    return <>{children(rows)}</>;
  }
  return (
    <>
      {children(rows.slice(0, first))}
      <Button variant="secondary" size="small" onPress={() => setIsAll(true)}>
        {all ?? t('rows.all', { count: rows.length })}
      </Button>
    </>
  );
}
