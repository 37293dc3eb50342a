import type { ReactNode } from 'react';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { AppliedAlert } from './AppliedAlert';
import { ChangeDialog } from './ChangeDialog';
import type { Change } from './useChange';

/** What a change did above, and the dialog that leads through it beside, whatever can be changed. */
export function ChangeFrame<Intent>(props: {
  change: Change<Intent>;
  children: ReactNode;
}) {
  const { change, children } = props;
  const { t } = useMeshTranslation();
  return (
    <>
      <AppliedAlert change={change} />
      {children}
      <ChangeDialog change={change} why={t('change.reasonShown')} />
    </>
  );
}
