import { Link } from '@backstage/ui';
import type { TimeWindow, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { useOpinion } from './useOpinion';
import styles from './SecondOpinion.module.css';

/** The dashboards that show more of the service, and why one cannot be linked. */
export function DashboardLinks(props: {
  address: ViewAddress | undefined;
  window: TimeWindow;
}) {
  const { dashboards = [] } = useOpinion(props.address, props.window) ?? {};
  const { t } = useMeshTranslation();
  if (dashboards.length === 0) {
    return null;
  }
  return (
    <ul className={styles.dashboards} aria-label={t('dashboards.label')}>
      {dashboards.map(({ title, url, message }) => (
        <li key={title}>
          {url ? (
            <Link href={url} target="_blank" rel="noopener">
              {title}
            </Link>
          ) : (
            <span className={styles.where}>
              {title}: {message}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
