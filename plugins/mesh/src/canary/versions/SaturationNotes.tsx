import type { CanaryVersion } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from '../CanaryTab.module.css';

const RESOURCES = ['cpu', 'memory'] as const;

/** What keeps the saturation from being known in full. */
export function SaturationNotes(props: { versions: CanaryVersion[] }) {
  const { versions } = props;
  const { t } = useMeshTranslation();
  const uses = versions.flatMap(({ saturation }) => saturation.uses);
  const isAbsent = (resource: 'cpu' | 'memory') => {
    const states = uses
      .filter(use => use.resource === resource)
      .map(({ state }) => state);
    return states.includes('unmeasured') && !states.includes('known');
  };
  const notes = [
    ...RESOURCES.filter(isAbsent).map(resource =>
      t(`canary.${resource}NotScraped`),
    ),
    ...versions
      .filter(({ saturation, pods }) => saturation.podsAsked < pods)
      .map(({ subset, saturation, pods }) =>
        t('canary.somePods', {
          version: subset,
          asked: String(saturation.podsAsked),
          pods: String(pods),
        }),
      ),
  ];
  return notes.length > 0 ? (
    <ul className={styles.notes}>
      {notes.map(note => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  ) : null;
}
