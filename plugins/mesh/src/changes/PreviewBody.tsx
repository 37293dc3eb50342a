import { Alert, Text } from '@backstage/ui';
import type { ChangeImpact, ChangePreview } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../translations/useFormat';
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

/** Who would be turned away, or let in, of those who called. */
function Impact(props: { impact: ChangeImpact }) {
  const { isWatched, callers, refused, letIn, cutOff, cutOffOn } = props.impact;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const line = (one: {
    name: string;
    namespace?: string;
    requestsPerSecond?: number;
    allowed?: string;
    why: string;
  }) => (
    <li key={`${one.namespace}/${one.name}`}>
      {t('impact.caller', {
        name: one.name,
        namespace:
          one.namespace === undefined || one.namespace === 'unknown'
            ? t('impact.unknownPlace')
            : one.namespace,
      })}
      {one.requestsPerSecond !== undefined &&
        ` ${format.rate(one.requestsPerSecond)}`}
      {one.allowed === 'partly' && `, ${t('impact.partly')}`}
      {`: ${one.why}`}
    </li>
  );
  const groups = [
    { title: t('impact.refused', { count: refused.length }), list: refused },
    {
      title: `${t('impact.cutOff', { count: cutOff.length })}${
        cutOffOn ? t('impact.onPorts', { ports: cutOffOn.join(', ') }) : ''
      }`,
      list: cutOff,
    },
  ].filter(({ list }) => list.length > 0);
  return (
    <>
      {groups.map(({ title, list }) => (
        <Alert
          key={title}
          status="danger"
          icon
          title={title}
          description={<ul className={styles.callers}>{list.map(line)}</ul>}
        />
      ))}
      {letIn.length > 0 && (
        <Alert
          status="info"
          icon
          title={t('impact.letIn', { count: letIn.length })}
          description={<ul className={styles.callers}>{letIn.map(line)}</ul>}
        />
      )}
      {!isWatched && (
        <Alert status="warning" icon title={t('impact.unwatched')} />
      )}
      {!props.impact.isServed && (
        <Alert status="warning" icon title={t('impact.unserved')} />
      )}
      {isWatched && props.impact.isServed && groups.length === 0 && (
        <Text>{t('impact.nobody', { count: callers })}</Text>
      )}
      {props.impact.concernsOthers && (
        <Alert status="warning" icon title={t('impact.others')} />
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
      {preview.impact && <Impact impact={preview.impact} />}
      <Warnings preview={preview} />
      {preview.first.length > 0 && (
        <Text>{t('change.inOrder', { count: preview.first.length + 1 })}</Text>
      )}
    </>
  );
}
