import { useEffect, useState } from 'react';
import { Button, SearchField, Select } from '@backstage/ui';
import type { FleetPage } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { useEntityTitles } from '../../view/useEntityTitles';
import type { FleetAddress } from './useFleetAddress';
import styles from '../fleet.module.css';

/** A search waits until the fingers rest. */
const REST_MS = 200;
const ANY = 'any';

const LEVELS = ['error', 'warning', 'ok', 'unknown'] as const;

function Search(props: { text: string; onChange: (text: string) => void }) {
  const { text, onChange } = props;
  const { t } = useMeshTranslation();
  const [typed, setTyped] = useState(text);
  // The address may change otherwise: by Back, or by clearing the filters.
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed.trim() === text) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <SearchField
      className={styles.search}
      aria-label={t('fleetFilters.search')}
      placeholder={t('fleetFilters.searchHint')}
      value={typed}
      onChange={setTyped}
    />
  );
}

function Choice(props: {
  label: string;
  any: string;
  value: string | undefined;
  choices: string[];
  show?: (choice: string) => string;
  onChange: (value: string | undefined) => void;
}) {
  const { label, any, value, choices, show = String, onChange } = props;
  const { t } = useMeshTranslation();
  // A link may name what is not there any more.
  const all = value && !choices.includes(value) ? [value, ...choices] : choices;
  return (
    <Select
      className={styles.choice}
      aria-label={label}
      search={
        choices.length > 10
          ? { placeholder: t('fleetFilters.find') }
          : undefined
      }
      options={[
        { id: ANY, label: any },
        ...all.map(choice => ({ id: choice, label: show(choice) })),
      ]}
      value={value ?? ANY}
      onChange={id => onChange(id === ANY ? undefined : String(id))}
    />
  );
}

function HealthChoice(props: { address: FleetAddress }) {
  const { query, filter } = props.address;
  const { t } = useMeshTranslation();
  return (
    <Select
      className={styles.choice}
      aria-label={t('services.health')}
      options={[
        { id: ANY, label: t('fleetFilters.anyHealth') },
        { id: 'attention', label: t('fleetFilters.attention') },
        ...LEVELS.map(level => ({ id: level, label: t(`levels.${level}`) })),
      ]}
      value={query.level ?? ANY}
      onChange={id =>
        filter({
          level: id === ANY ? undefined : (String(id) as typeof query.level),
        })
      }
    />
  );
}

/** Search and filters; the rows follow at once. */
export function FleetFilters(props: {
  address: FleetAddress;
  choices: FleetPage['choices'];
}) {
  const { address, choices } = props;
  const { t } = useMeshTranslation();
  const { query, filter } = address;
  const titleOf = useEntityTitles(
    [query.owner ?? [], choices.owners ?? []].flat(),
  );
  const [search] = useState(() => (text: string) => filter({ text }));
  return (
    <div
      className={styles.filters}
      role="search"
      aria-label={t('fleet.services')}
    >
      <Search text={query.text ?? ''} onChange={search} />
      <HealthChoice address={address} />
      <Choice
        label={t('services.namespace')}
        any={t('fleetFilters.anyNamespace')}
        value={query.namespace}
        choices={choices.namespaces}
        onChange={namespace => filter({ namespace })}
      />
      {(choices.owners || query.owner) && (
        <Choice
          label={t('words.owner')}
          any={t('fleetFilters.anyOwner')}
          value={query.owner}
          choices={choices.owners ?? []}
          show={titleOf}
          onChange={owner => filter({ owner })}
        />
      )}
      {(choices.clusters.length > 1 || query.cluster) && (
        <Choice
          label={t('services.cluster')}
          any={t('fleetFilters.anyCluster')}
          value={query.cluster}
          choices={choices.clusters}
          onChange={cluster => filter({ cluster })}
        />
      )}
      {address.isFiltered && (
        <Button variant="tertiary" onPress={address.clearFilters}>
          {t('fleetFilters.clear')}
        </Button>
      )}
    </div>
  );
}
