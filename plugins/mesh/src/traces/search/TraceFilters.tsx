import { useRef, useState, type FormEvent, type RefObject } from 'react';
import { Button, Select, Switch, TextField } from '@backstage/ui';
import { RiSearchLine } from '@remixicon/react';
import { PairsField } from '../../view/tryForm/PairsField';
import { parsePairs } from '../../view/tryForm/parsePairs';
import { operationIn } from '../requestWords';
import { SavedSearches } from './SavedSearches';
import {
  NO_FILTERS,
  TRACE_LIMITS,
  type TraceFilterText,
} from './useTraceQuery';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from '../TracesTab.module.css';

const ANY = 'any';

interface FieldProps {
  draft: TraceFilterText;
  onChange: (changed: Partial<TraceFilterText>) => void;
}

function isDuration(text: string): boolean {
  return text.trim() === '' || Number(text) >= 0;
}

/** One of several, or any; what the address still asks for is among them. */
function ChoiceField(props: {
  className: string;
  label: string;
  choices: { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}) {
  const { className, label, choices, value, onChange } = props;
  const { t } = useMeshTranslation();
  const isGone = value && !choices.some(choice => choice.value === value);
  return (
    <Select
      className={className}
      label={label}
      options={[
        { id: ANY, label: t('filters.any') },
        ...(isGone ? [{ value, label: value }] : [])
          .concat(choices)
          .map(choice => ({ id: `=${choice.value}`, label: choice.label })),
      ]}
      value={value ? `=${value}` : ANY}
      onChange={chosen =>
        onChange(chosen === ANY ? '' : String(chosen).slice(1))
      }
    />
  );
}

function NumberFields(props: FieldProps) {
  const { draft, onChange } = props;
  const { t } = useMeshTranslation();
  const isWrong = !isDuration(draft.min);
  return (
    <>
      <TextField
        className={styles.min}
        label={t('filters.min')}
        size="small"
        inputMode="numeric"
        value={draft.min}
        onChange={min => onChange({ min })}
        isInvalid={isWrong}
        description={isWrong ? t('filters.notANumber') : undefined}
      />
      <Select
        className={styles.limit}
        label={t('filters.limit')}
        options={TRACE_LIMITS.map(limit => ({
          id: String(limit),
          label: String(limit),
        }))}
        value={String(draft.limit)}
        onChange={limit => onChange({ limit: Number(limit) })}
      />
    </>
  );
}

function FilterFields(
  props: FieldProps & {
    operations: string[];
    versions: string[];
    namespace: string;
    tagsField: RefObject<HTMLDivElement>;
  },
) {
  const { draft, onChange, operations, versions, namespace } = props;
  const { t } = useMeshTranslation();
  return (
    <>
      <ChoiceField
        className={styles.operation}
        label={t('traces.operation')}
        choices={operations.map(value => ({
          value,
          label: operationIn(value, namespace),
        }))}
        value={draft.operation}
        onChange={operation => onChange({ operation })}
      />
      {(versions.length > 1 || draft.version) && (
        <ChoiceField
          className={styles.version}
          label={t('filters.version')}
          choices={versions.map(value => ({ value, label: value }))}
          value={draft.version}
          onChange={version => onChange({ version })}
        />
      )}
      <PairsField
        ref={props.tagsField}
        className={styles.tags}
        label={t('filters.tags')}
        placeholder={t('filters.tagsHint')}
        value={draft.tags}
        onChange={tags => onChange({ tags })}
      />
      <NumberFields draft={draft} onChange={onChange} />
      <div className={styles.errors}>
        <Switch
          label={t('filters.errorsOnly')}
          isSelected={draft.errors}
          onChange={errors => onChange({ errors })}
        />
      </div>
    </>
  );
}

/** All filters in one row, and the searches people make most. */
export function TraceFilters(props: {
  applied: TraceFilterText;
  operations: string[];
  versions: string[];
  /** Of the page. */
  namespace: string;
  onApply: (filters: TraceFilterText) => void;
}) {
  const { applied, operations, versions, namespace, onApply } = props;
  const { t } = useMeshTranslation();
  const [draft, setDraft] = useState(applied);
  const [seen, setSeen] = useState(applied);
  const tagsField = useRef<HTMLDivElement>(null);
  if (seen !== applied) {
    // The address changed by another way: back, forward, a link.
    setSeen(applied);
    setDraft(applied);
  }

  const isWrong =
    parsePairs(draft.tags).wrong !== undefined || !isDuration(draft.min);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isWrong) onApply(draft);
  };
  const askForTag = (key: string) => {
    setDraft({ ...NO_FILTERS, tags: `${key}=` });
    tagsField.current?.querySelector('input')?.focus();
  };

  return (
    <div className={styles.filters}>
      <form className={styles.row} onSubmit={submit}>
        <FilterFields
          draft={draft}
          onChange={changed => setDraft({ ...draft, ...changed })}
          operations={operations}
          versions={versions}
          namespace={namespace}
          tagsField={tagsField}
        />
        <Button
          type="submit"
          variant="primary"
          iconStart={<RiSearchLine />}
          isDisabled={isWrong}
        >
          {t('filters.find')}
        </Button>
      </form>
      <SavedSearches onApply={onApply} onAskForTag={askForTag} />
    </div>
  );
}
