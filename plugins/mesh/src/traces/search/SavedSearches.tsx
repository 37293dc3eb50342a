import { Button } from '@backstage/ui';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { NO_FILTERS, type TraceFilterText } from './useTraceQuery';
import styles from '../TracesTab.module.css';

const SLOW: TraceFilterText = { ...NO_FILTERS, min: '1000' };
const ERRORS: TraceFilterText = { ...NO_FILTERS, errors: true };

/** The searches people make most. */
export function SavedSearches(props: {
  onApply: (filters: TraceFilterText) => void;
  /** The person still has to say which value. */
  onAskForTag: (key: string) => void;
}) {
  const { onApply, onAskForTag } = props;
  const { t } = useMeshTranslation();
  const searches = [
    { words: t('filters.all'), onPress: () => onApply(NO_FILTERS) },
    { words: t('filters.slow'), onPress: () => onApply(SLOW) },
    { words: t('filters.errors'), onPress: () => onApply(ERRORS) },
    { words: t('filters.byUser'), onPress: () => onAskForTag('x-user-id') },
    { words: t('filters.byTenant'), onPress: () => onAskForTag('x-tenant-id') },
  ];
  return (
    <div
      className={styles.saved}
      role="group"
      aria-label={t('filters.savedLabel')}
    >
      <span className={styles.quiet}>{t('filters.saved')}</span>
      {searches.map(({ words, onPress }) => (
        <Button key={words} size="small" variant="tertiary" onPress={onPress}>
          {words}
        </Button>
      ))}
    </div>
  );
}
