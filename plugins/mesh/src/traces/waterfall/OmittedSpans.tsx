import { Text } from '@backstage/ui';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from '../TracesTab.module.css';

/** That spans with impossible times are not shown, where there are any. */
export function OmittedSpans(props: { count: number | undefined }) {
  const { t } = useMeshTranslation();
  return props.count ? (
    <Text as="p" className={styles.gap}>
      {t('trace.omitted', { count: props.count })}
    </Text>
  ) : null;
}
