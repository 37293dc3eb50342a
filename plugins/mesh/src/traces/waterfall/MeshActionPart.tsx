import { Link, Text } from '@backstage/ui';
import {
  partyWords,
  serviceNameIn,
  type Placement,
  type TraceSpan,
} from '@meshdeck/plugin-mesh-common';
import { useTabLink } from '../../view/address/useTabLink';
import {
  useMeshTranslation,
  type Translate,
} from '../../translations/useMeshTranslation';
import type { MeshAction } from './meshAction';
import styles from '../TracesTab.module.css';

function sentences(
  action: MeshAction,
  namespace: string,
  t: Translate,
): string[] {
  const { host, subset, inboundPort, isPassedThrough } = action;
  const { flags, isRefused, refusedBy } = action;
  const name = host && serviceNameIn(host, namespace);
  const done = [
    name &&
      (subset
        ? t('span.sentToSubset', { host: name, subset })
        : t('span.sentTo', { host: name })),
    inboundPort && t('span.letIn', { port: inboundPort }),
    isPassedThrough && t('span.passedThrough'),
    isRefused &&
      (refusedBy
        ? t('span.refusedBy', { policy: refusedBy })
        : t('span.refused')),
  ].flatMap(sentence => sentence || []);
  if (done.length > 0) return done;
  // Else they stand beside the answer already.
  return flags.length > 0
    ? flags.map(flag => t(`flags.${flag}`))
    : [t('span.proxied')];
}

/** What the mesh did with a request; leads to where that is set, where that is a page of this service. */
export function MeshActionPart(props: {
  action: MeshAction;
  span: TraceSpan;
  placement: Placement;
}) {
  const { action, span, placement } = props;
  const { t } = useMeshTranslation();
  const tabLink = useTabLink();
  const { namespace, service } = placement;
  const isOurs =
    partyWords({ service: action.host ?? span.service }, namespace) === service;

  return (
    <div className={styles.action}>
      <Text as="h3" variant="body-medium" weight="bold">
        {t('span.mesh')}
      </Text>
      <ul>
        {sentences(action, namespace, t).map(sentence => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {isOurs && (
        <Link href={tabLink(action.tab)}>
          {t('span.see', { tab: t(`tabs.${action.tab}`) })}
        </Link>
      )}
    </div>
  );
}
