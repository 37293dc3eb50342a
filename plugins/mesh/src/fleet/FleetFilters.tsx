import { useEffect, useState } from 'react';
import { Button, SearchField, Select } from '@backstage/ui';
import type { FleetPage } from '@meshdeck/plugin-mesh-common';
import { nameOfRef } from './useEntityLink';
import type { FleetAddress } from './useFleetAddress';
import styles from './fleet.module.css';

/** A search waits until the fingers rest. */
const REST_MS = 200;
const ANY = 'any';

const LEVELS = [
  { id: ANY, label: 'Any health' },
  { id: 'attention', label: 'Needs attention' },
  { id: 'error', label: 'Not all right' },
  { id: 'warning', label: 'Warning' },
  { id: 'ok', label: 'All right' },
  { id: 'unknown', label: 'Not known' },
];

function Search(props: { text: string; onChange: (text: string) => void }) {
  const { text, onChange } = props;
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
      aria-label="Search services"
      placeholder="Name, namespace, owner or what is wrong"
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
  // A link may name what is not there any more.
  const all = value && !choices.includes(value) ? [value, ...choices] : choices;
  return (
    <Select
      className={styles.choice}
      aria-label={label}
      search={choices.length > 10 ? { placeholder: 'Find' } : undefined}
      options={[
        { id: ANY, label: any },
        ...all.map(choice => ({ id: choice, label: show(choice) })),
      ]}
      value={value ?? ANY}
      onChange={id => onChange(id === ANY ? undefined : String(id))}
    />
  );
}

/** Search and filters; the rows follow at once. */
export function FleetFilters(props: {
  address: FleetAddress;
  choices: FleetPage['choices'];
}) {
  const { address, choices } = props;
  const { query, filter } = address;
  const [search] = useState(() => (text: string) => filter({ text }));
  return (
    <div className={styles.filters} role="search" aria-label="Services">
      <Search text={query.text ?? ''} onChange={search} />
      <Select
        className={styles.choice}
        aria-label="Health"
        options={LEVELS}
        value={query.level ?? ANY}
        onChange={id =>
          filter({
            level: id === ANY ? undefined : (String(id) as typeof query.level),
          })
        }
      />
      <Choice
        label="Namespace"
        any="Any namespace"
        value={query.namespace}
        choices={choices.namespaces}
        onChange={namespace => filter({ namespace })}
      />
      {(choices.owners || query.owner) && (
        <Choice
          label="Owner"
          any="Any owner"
          value={query.owner}
          choices={choices.owners ?? []}
          show={nameOfRef}
          onChange={owner => filter({ owner })}
        />
      )}
      {(choices.clusters.length > 1 || query.cluster) && (
        <Choice
          label="Cluster"
          any="Any cluster"
          value={query.cluster}
          choices={choices.clusters}
          onChange={cluster => filter({ cluster })}
        />
      )}
      {address.isFiltered && (
        <Button variant="tertiary" onPress={address.clearFilters}>
          Clear filters
        </Button>
      )}
    </div>
  );
}
