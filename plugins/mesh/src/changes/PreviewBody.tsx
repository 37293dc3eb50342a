import { Alert, Text } from '@backstage/ui';
import type { ChangePreview } from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { FindingsList } from '../view/findings/FindingsList';
import { StatusMark } from '../view/verdict/StatusMark';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import styles from './ChangeDialog.module.css';

/** What would happen, in words and with what was checked. */
export function PreviewBody(props: { preview: ChangePreview }) {
  const { preview } = props;
  const { t } = useMeshTranslation();
  const {
    dryRun,
    findingsNew,
    findingsFixed,
    remark,
    takesOverFrom,
    revertedBy,
  } = preview;
  return (
    <>
      <p className={styles.sentence}>{preview.sentence}</p>
      <ul className={styles.checks}>
        <li>
          <StatusMark level={dryRun.ok ? 'ok' : 'error'}>
            {dryRun.ok ? t('change.accepted') : t('change.refused')}
            {dryRun.message && ` ${dryRun.message}`}
          </StatusMark>
        </li>
        {findingsNew.length === 0 && (
          <li>
            <StatusMark level="ok">{t('change.noNew')}</StatusMark>
          </li>
        )}
        {findingsFixed.length > 0 && (
          <li>
            <StatusMark level="ok">
              {t('change.fixed', {
                count: findingsFixed.length,
                codes: findingsFixed.map(({ code }) => code).join(', '),
              })}
            </StatusMark>
          </li>
        )}
      </ul>
      {findingsNew.length > 0 && (
        <div>
          <Text as="h3" variant="body-medium" weight="bold">
            {t('change.brings', { count: findingsNew.length })}
          </Text>
          <FindingsList findings={findingsNew} />
        </div>
      )}
      {remark && (
        <Alert
          status="warning"
          icon
          title={t('change.remark')}
          description={remark}
        />
      )}
      {takesOverFrom.length > 0 && (
        <Alert
          status="warning"
          icon
          title={t('change.belongs', { managers: takesOverFrom.join(', ') })}
          description={t('change.belongsFix')}
        />
      )}
      {revertedBy && (
        <Alert
          status="warning"
          icon
          title={t('change.reverts', { tool: revertedBy })}
          description={t('change.revertsFix')}
        />
      )}
      <Text as="h3" variant="body-medium" weight="bold">
        {t('change.changes', { object: formatObject(preview.object) })}
      </Text>
    </>
  );
}
