import { Alert, Text } from '@backstage/ui';
import type { ChangePreview } from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { FindingsList } from '../view/findings/FindingsList';
import { StatusMark } from '../view/verdict/StatusMark';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { EndNote } from './EndNote';
import styles from './ChangeDialog.module.css';

function Checks(props: { preview: ChangePreview }) {
  const { dryRun, findingsNew, findingsFixed } = props.preview;
  const { t } = useMeshTranslation();
  return (
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
  );
}

/** What a person should know before saying yes. */
function Warnings(props: { preview: ChangePreview }) {
  const { remark, takesOverFrom, revertedBy } = props.preview;
  const { t } = useMeshTranslation();
  const warnings = [
    remark && { title: t('change.remark'), description: remark },
    takesOverFrom.length > 0 && {
      title: t('change.belongs', { managers: takesOverFrom.join(', ') }),
      description: t('change.belongsFix'),
    },
    revertedBy && {
      title: t('change.reverts', { tool: revertedBy }),
      description: t('change.revertsFix'),
    },
  ];
  return (
    <>
      {warnings.map(
        warning =>
          warning && (
            <Alert key={warning.title} status="warning" icon {...warning} />
          ),
      )}
    </>
  );
}

/** What would happen, in words and with what was checked. */
export function PreviewBody(props: { preview: ChangePreview }) {
  const { preview } = props;
  const { findingsNew } = preview;
  const { t } = useMeshTranslation();
  return (
    <>
      <p className={styles.sentence}>{preview.sentence}</p>
      {preview.ends && <EndNote lastsMs={preview.ends.lastsMs} />}
      <Checks preview={preview} />
      {findingsNew.length > 0 && (
        <div>
          <Text as="h3" variant="body-medium" weight="bold">
            {t('change.brings', { count: findingsNew.length })}
          </Text>
          <FindingsList findings={findingsNew} />
        </div>
      )}
      <Warnings preview={preview} />
      <Text as="h3" variant="body-medium" weight="bold">
        {t('change.changes', { object: formatObject(preview.object) })}
      </Text>
    </>
  );
}
