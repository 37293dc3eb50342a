import { Alert, Text } from '@backstage/ui';
import type {
  ChangePreview,
  ConflictDetails,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { YamlDiff } from '../frame/YamlDiff';
import styles from './CanaryTab.module.css';

/** What is in the cluster now against what the preview was made of. */
export function ConflictBody(props: {
  preview: ChangePreview;
  conflict: ConflictDetails;
}) {
  const { preview, conflict } = props;
  // `seen` may be the text or only the version of it.
  const seen = conflict.seen.includes('\n') ? conflict.seen : preview.before;
  return (
    <div className={styles.dialog}>
      <Alert
        role="alert"
        status="warning"
        icon
        title="Nothing was written"
        description={conflict.message}
      />
      <Text as="h3" variant="body-medium" weight="bold">
        {formatObject(conflict.current)}: what you saw (−) and what is there now
        (+)
      </Text>
      <YamlDiff
        before={seen}
        after={conflict.current.yaml}
        label="What changed since the preview"
      />
    </div>
  );
}
