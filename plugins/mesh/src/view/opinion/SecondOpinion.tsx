import { Link } from '@backstage/ui';
import { RiUserSearchLine } from '@remixicon/react';
import type {
  OpinionView,
  TimeWindow,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../../format';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { useOpinion } from './useOpinion';
import styles from './SecondOpinion.module.css';

/** What Kiali sees otherwise than we do; nothing where it agrees, and where there is no Kiali. */
export function useSecondOpinion(
  address: ViewAddress | undefined,
  window: TimeWindow,
): { opinion: OpinionView; isDown: boolean } | undefined {
  const opinion = useOpinion(address, window);
  const isDown = Boolean(
    opinion?.sources.some(
      ({ id, status }) => id === 'kiali' && status === 'down',
    ),
  );
  return opinion &&
    (isDown || opinion.differs || opinion.validations.length > 0)
    ? { opinion, isDown }
    : undefined;
}

/** What Kiali says, with the remarks that it has. */
export function OpinionWords(props: { opinion: OpinionView; isDown: boolean }) {
  const { opinion, isDown } = props;
  const { differs, health, validations, links } = opinion;
  const { t } = useMeshTranslation();
  return (
    <div className={styles.words}>
      <p className={styles.sentence}>
        {isDown
          ? t('opinion.down')
          : differs ??
            t('opinion.remarks', {
              health: health ?? t('opinion.noHealth'),
            })}{' '}
        {links && (
          <Link href={links.details} target="_blank" rel="noopener">
            {t('opinion.link')}
          </Link>
        )}
      </p>
      {validations.length > 0 && (
        <ul className={styles.remarks}>
          {validations.map(({ code, object, path, message }) => {
            const where = `${formatObject({ ...object })}${
              path ? `, ${path}` : ''
            }`;
            return (
              <li key={`${code} ${where} ${message}`}>
                {code && <span className={styles.code}>{code}</span>} {message}{' '}
                <span className={styles.where}>{where}</span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

/** Kiali's words beside ours. Says nothing where it has none of its own. */
export function SecondOpinion(props: {
  address: ViewAddress | undefined;
  window: TimeWindow;
}) {
  const second = useSecondOpinion(props.address, props.window);
  const { t } = useMeshTranslation();
  if (!second) {
    return null;
  }
  return (
    <aside className={styles.opinion} aria-label={t('opinion.label')}>
      <RiUserSearchLine size={18} aria-hidden className={styles.icon} />
      <OpinionWords {...second} />
    </aside>
  );
}
