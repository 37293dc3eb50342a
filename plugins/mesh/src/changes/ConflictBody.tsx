import { Alert, Text } from '@backstage/ui';
import type {
  ChangePreview,
  ConflictDetails,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { YamlDiff } from './YamlDiff';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import styles from './ChangeDialog.module.css';

/** What is in the cluster now against what the preview was made of. */
export function ConflictBody(props: {
  preview: ChangePreview;
  conflict: ConflictDetails;
}) {
  const { preview, conflict } = props;
  const { t } = useMeshTranslation();
  // `seen` may be the text or only the version of it.
  const seen = conflict.seen.includes('\n')
    ? conflict.seen
    : [...preview.first, preview].find(
        ({ object }) => formatObject(object) === formatObject(conflict.current),
      )?.before ?? preview.before;
  return (
    <div className={styles.dialog}>
      <Alert
        role="alert"
        status="warning"
        icon
        title={t('change.notWritten')}
        description={conflict.message}
      />
      <Text as="h3" variant="body-medium" weight="bold">
        {t('change.seenAndNow', { object: formatObject(conflict.current) })}
      </Text>
      <YamlDiff
        before={seen}
        after={conflict.current.yaml}
        label={t('change.sincePreview')}
      />
    </div>
  );
}
