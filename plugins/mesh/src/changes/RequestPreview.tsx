import { Alert, Text } from '@backstage/ui';
import type { PullRequestPreview } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { RequestLink } from './RequestLink';
import { YamlDiff } from './YamlDiff';

/** What a pull request would change in which files, or why there can be none. */
export function RequestPreview(props: { request: PullRequestPreview }) {
  const {
    refused,
    repository = '',
    base = '',
    files = [],
    updates,
  } = props.request;
  const { t } = useMeshTranslation();
  if (refused !== undefined) {
    return (
      <Alert
        status="info"
        icon
        title={t('request.none')}
        description={refused}
      />
    );
  }
  return (
    <>
      <Text>
        {t(files.length > 0 ? 'request.where' : 'request.done', {
          repository,
          base,
        })}
      </Text>
      {updates && files.length > 0 && (
        <Text>
          {t('request.updates', { sentence: updates.sentence })}{' '}
          <RequestLink url={updates.url}>{updates.url}</RequestLink>
        </Text>
      )}
      {files.map(({ path, before, after }) => {
        const label = t('request.file', { path });
        return (
          <div key={path}>
            <Text as="h3" variant="body-medium" weight="bold">
              {label}
            </Text>
            <YamlDiff before={before} after={after} label={label} />
          </div>
        );
      })}
    </>
  );
}
