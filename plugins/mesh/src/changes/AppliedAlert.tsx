import { Alert, Button } from '@backstage/ui';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { RequestLink } from './RequestLink';
import type { Change } from './useChange';

/** Says what was applied, until somebody has read it. */
export function AppliedAlert<Intent>(props: { change: Change<Intent> }) {
  const { applied, close } = props.change;
  const { t } = useMeshTranslation();
  return applied === undefined ? null : (
    <Alert
      role="status"
      status={applied.remark ? 'warning' : 'success'}
      icon
      title={t(applied.request ? 'request.opened' : 'change.applied')}
      description={
        <>
          {[applied.sentence, applied.remark].filter(Boolean).join(' ')}{' '}
          {applied.request && (
            <RequestLink url={applied.request}>{applied.request}</RequestLink>
          )}
        </>
      }
      customActions={
        <Button variant="tertiary" size="small" onPress={close}>
          {t('change.dismiss')}
        </Button>
      }
    />
  );
}
