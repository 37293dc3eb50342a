import { Button, TextField } from '@backstage/ui';
import { RiArrowDownLine, RiArrowUpLine } from '@remixicon/react';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import type { useSpanSearch } from './useSpanSearch';
import styles from './Waterfall.module.css';

/** Looks for a text in the spans; Enter goes to the next one, with Shift to the one before. */
export function SpanSearch(props: { of: ReturnType<typeof useSpanSearch> }) {
  const { text, isSearching, count, current, search, go } = props.of;
  const { t } = useMeshTranslation();
  const words =
    current > 0
      ? t('spanSearch.at', { current: String(current), count })
      : t('spanSearch.count', { count });
  return (
    <div className={styles.search} role="search">
      <TextField
        className={styles.searchText}
        label={t('spanSearch.label')}
        size="small"
        value={text}
        onChange={search}
        onKeyDown={event => {
          if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
        }}
      />
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiArrowUpLine />}
        isDisabled={count === 0}
        onPress={() => go(-1)}
      >
        {t('spanSearch.previous')}
      </Button>
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiArrowDownLine />}
        isDisabled={count === 0}
        onPress={() => go(1)}
      >
        {t('spanSearch.next')}
      </Button>
      <span role="status" className={styles.searchCount}>
        {isSearching && words}
      </span>
    </div>
  );
}
