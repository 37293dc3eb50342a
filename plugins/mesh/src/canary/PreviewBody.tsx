import { Alert, Text } from '@backstage/ui';
import type { ChangePreview } from '@meshdeck/plugin-mesh-common';
import { formatCount, formatObject } from '../format';
import { FindingsList } from '../frame/FindingsList';
import { StatusMark } from '../frame/StatusMark';
import styles from './CanaryTab.module.css';

/** What would happen, in words and with what was checked. */
export function PreviewBody(props: { preview: ChangePreview }) {
  const { preview } = props;
  const { dryRun, findingsNew, findingsFixed, takesOverFrom, revertedBy } =
    preview;
  return (
    <>
      <p className={styles.sentence}>{preview.sentence}</p>
      <ul className={styles.checks}>
        <li>
          <StatusMark level={dryRun.ok ? 'ok' : 'error'}>
            {dryRun.ok
              ? 'The API server accepts this (dry run).'
              : 'The API server refuses this (dry run).'}
            {dryRun.message && ` ${dryRun.message}`}
          </StatusMark>
        </li>
        {findingsNew.length === 0 && (
          <li>
            <StatusMark level="ok">No new findings.</StatusMark>
          </li>
        )}
        {findingsFixed.length > 0 && (
          <li>
            <StatusMark level="ok">
              {formatCount(findingsFixed.length, 'finding')} fixed:{' '}
              {findingsFixed.map(({ code }) => code).join(', ')}
            </StatusMark>
          </li>
        )}
      </ul>
      {findingsNew.length > 0 && (
        <div>
          <Text as="h3" variant="body-medium" weight="bold">
            This would bring {formatCount(findingsNew.length, 'new finding')}
          </Text>
          <FindingsList findings={findingsNew} />
        </div>
      )}
      {takesOverFrom.length > 0 && (
        <Alert
          status="warning"
          icon
          title={`These fields belong to ${takesOverFrom.join(', ')}`}
          description="Applying takes them over. Whoever applies that source again will get a conflict, or overwrite this change."
        />
      )}
      {revertedBy && (
        <Alert
          status="warning"
          icon
          title={`${revertedBy} will revert this`}
          description="The object comes from a repository. Change it there if the change is to stay."
        />
      )}
      <Text as="h3" variant="body-medium" weight="bold">
        What changes in {formatObject(preview.object)}
      </Text>
    </>
  );
}
