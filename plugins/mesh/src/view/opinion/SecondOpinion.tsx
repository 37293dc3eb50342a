import { Link } from '@backstage/ui';
import { RiUserSearchLine } from '@remixicon/react';
import type { TimeWindow, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../../format';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { useOpinion } from './useOpinion';
import styles from './SecondOpinion.module.css';

/** What Kiali sees otherwise than we do. Says nothing where it agrees, and where there is no Kiali. */
export function SecondOpinion(props: {
  address: ViewAddress | undefined;
  window: TimeWindow;
}) {
  const opinion = useOpinion(props.address, props.window);
  const { t } = useMeshTranslation();
  if (!opinion) {
    return null;
  }
  const { differs, health, validations, links } = opinion;
  const isDown = opinion.sources.some(
    ({ id, status }) => id === 'kiali' && status === 'down',
  );
  if (!isDown && !differs && validations.length === 0) {
    return null;
  }
  return (
    <aside className={styles.opinion} aria-label={t('opinion.label')}>
      <RiUserSearchLine size={18} aria-hidden className={styles.icon} />
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
                  {code && <span className={styles.code}>{code}</span>}{' '}
                  {message} <span className={styles.where}>{where}</span>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </aside>
  );
}
