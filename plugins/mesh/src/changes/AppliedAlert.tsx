import { Alert, Button } from '@backstage/ui';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import type { Change } from './useChange';

/** Says what was applied, until somebody has read it. */
export function AppliedAlert<Intent>(props: { change: Change<Intent> }) {
  const { applied, close } = props.change;
  const { t } = useMeshTranslation();
  return applied === undefined ? null : (
    <Alert
      role="status"
      status="success"
      icon
      title={t('change.applied')}
      description={applied}
      customActions={
        <Button variant="tertiary" size="small" onPress={close}>
          {t('change.dismiss')}
        </Button>
      }
    />
  );
}
