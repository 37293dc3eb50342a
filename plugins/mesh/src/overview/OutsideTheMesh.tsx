import { Alert, ButtonLink } from '@backstage/ui';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import styles from './MeshOverviewCard.module.css';

const TEMPLATE = '/create/templates/default/onboard-to-mesh';

/** What the service would gain, what stands in the way, and the way in. */
export function OutsideTheMesh(props: { because: string[] }) {
  const { because } = props;
  const { t } = useMeshTranslation();
  return (
    <Alert
      status="info"
      icon
      title={t('outside.title')}
      description={
        <div className={styles.outside}>
          <p>{t('outside.gain')}</p>
          {because.length > 0 && (
            <>
              <p>{t('outside.obstacles')}</p>
              <ul>
                {because.map(reason => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            </>
          )}
          <ButtonLink size="small" variant="secondary" href={TEMPLATE}>
            {t('outside.wayIn')}
          </ButtonLink>
        </div>
      }
    />
  );
}
