import { useMeshTranslation } from '../../translations/useMeshTranslation';
import table from './table.module.css';

/** That only the catalog says whose it is, where the cluster does not. */
export function ClaimedOnly(props: { of: { isClaimed?: boolean } }) {
  const { t } = useMeshTranslation();
  return props.of.isClaimed ? (
    <div className={table.quiet} title={t('words.claimedMeaning')}>
      {t('words.claimed')}
    </div>
  ) : null;
}
