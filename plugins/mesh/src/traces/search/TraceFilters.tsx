import { useRef, useState, type FormEvent } from 'react';
import { Button, Select, Switch, TextField } from '@backstage/ui';
import { RiSearchLine } from '@remixicon/react';
import { PairsField } from '../../view/tryForm/PairsField';
import { parsePairs } from '../../view/tryForm/parsePairs';
import {
  NO_FILTERS,
  TRACE_LIMITS,
  type TraceFilterText,
} from './useTraceQuery';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from '../TracesTab.module.css';

const ANY = 'any';

const SLOW: TraceFilterText = { ...NO_FILTERS, min: '1000' };
const ERRORS: TraceFilterText = { ...NO_FILTERS, errors: true };

/** All filters in one row, and the searches people make most. */
export function TraceFilters(props: {
  applied: TraceFilterText;
  operations: string[];
  onApply: (filters: TraceFilterText) => void;
}) {
  const { applied, operations, onApply } = props;
  const { t } = useMeshTranslation();
  const [draft, setDraft] = useState(applied);
  const [seen, setSeen] = useState(applied);
  const tagsField = useRef<HTMLDivElement>(null);
  if (seen !== applied) {
    // The address changed by another way: back, forward, a link.
    setSeen(applied);
    setDraft(applied);
  }

  const minProblem =
    draft.min.trim() === '' || Number(draft.min) >= 0
      ? undefined
      : t('filters.notANumber');
  const isWrong =
    parsePairs(draft.tags).wrong !== undefined || minProblem !== undefined;
  const known = draft.operation && !operations.includes(draft.operation);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isWrong) onApply(draft);
  };
  const askForTag = (key: string) => {
    setDraft({ ...NO_FILTERS, tags: `${key}=` });
    const input = tagsField.current?.querySelector('input');
    input?.focus();
  };

  return (
    <div className={styles.filters}>
      <form className={styles.row} onSubmit={submit}>
        <Select
          className={styles.operation}
          label={t('traces.operation')}
          options={[
            { id: ANY, label: t('filters.any') },
            ...(known ? [draft.operation] : [])
              .concat(operations)
              .map(name => ({ id: `=${name}`, label: name })),
          ]}
          value={draft.operation ? `=${draft.operation}` : ANY}
          onChange={chosen =>
            setDraft({
              ...draft,
              operation: chosen === ANY ? '' : String(chosen).slice(1),
            })
          }
        />
        <PairsField
          ref={tagsField}
          className={styles.tags}
          label={t('filters.tags')}
          placeholder={t('filters.tagsHint')}
          value={draft.tags}
          onChange={tags => setDraft({ ...draft, tags })}
        />
        <TextField
          className={styles.min}
          label={t('filters.min')}
          size="small"
          inputMode="numeric"
          value={draft.min}
          onChange={min => setDraft({ ...draft, min })}
          isInvalid={minProblem !== undefined}
          description={minProblem}
        />
        <Select
          className={styles.limit}
          label={t('filters.limit')}
          options={TRACE_LIMITS.map(limit => ({
            id: String(limit),
            label: String(limit),
          }))}
          value={String(draft.limit)}
          onChange={limit => setDraft({ ...draft, limit: Number(limit) })}
        />
        <div className={styles.errors}>
          <Switch
            label={t('filters.errorsOnly')}
            isSelected={draft.errors}
            onChange={errors => setDraft({ ...draft, errors })}
          />
        </div>
        <Button
          type="submit"
          variant="primary"
          iconStart={<RiSearchLine />}
          isDisabled={isWrong}
        >
          {t('filters.find')}
        </Button>
      </form>
      <div
        className={styles.saved}
        role="group"
        aria-label={t('filters.savedLabel')}
      >
        <span className={styles.quiet}>{t('filters.saved')}</span>
        <Button
          size="small"
          variant="tertiary"
          onPress={() => onApply(NO_FILTERS)}
        >
          {t('filters.all')}
        </Button>
        <Button size="small" variant="tertiary" onPress={() => onApply(SLOW)}>
          {t('filters.slow')}
        </Button>
        <Button size="small" variant="tertiary" onPress={() => onApply(ERRORS)}>
          {t('filters.errors')}
        </Button>
        <Button
          size="small"
          variant="tertiary"
          onPress={() => askForTag('x-user-id')}
        >
          {t('filters.byUser')}
        </Button>
        <Button
          size="small"
          variant="tertiary"
          onPress={() => askForTag('x-tenant-id')}
        >
          {t('filters.byTenant')}
        </Button>
      </div>
    </div>
  );
}
