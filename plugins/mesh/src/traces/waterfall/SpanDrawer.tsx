import {
  failureCode,
  isOfProxy,
  partyWords,
  responseFlags,
  serviceNameIn,
  spanDestination,
  spanRequest,
  spanVersion,
  type Placement,
  type TraceSpan,
  type TraceView,
} from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { DetailDrawer } from '../../view/drawer/DetailDrawer';
import { Facts } from '../../view/table/Facts';
import { ScrollTable } from '../../view/table/ScrollTable';
import { StatusMark } from '../../view/verdict/StatusMark';
import {
  useMeshTranslation,
  type Translate,
} from '../../translations/useMeshTranslation';
import { knownFlags } from '../envoyFlags';
import { requestWords, spanWords } from '../requestWords';
import { meshAction } from './meshAction';
import { MeshActionPart } from './MeshActionPart';
import styles from '../TracesTab.module.css';

/** How often the proxy tried: each try has a span of the other side's proxy below the one of the call. */
function triesOf(span: TraceSpan, spans: readonly TraceSpan[]): number {
  return spanDestination(span.tags)
    ? spans.filter(
        ({ parentSpanId, tags }) =>
          parentSpanId === span.spanId && isOfProxy(tags),
      ).length
    : 0;
}

/** What matters most, first: what was asked, of whom, and how it ended. */
function factsOf(
  span: TraceSpan,
  {
    trace,
    namespace,
    t,
  }: { trace: TraceView; namespace: string; t: Translate },
) {
  const { tags, operation } = span;
  const asked = spanRequest(tags);
  const flags = responseFlags(tags);
  const to = spanDestination(tags);
  const version = spanVersion(tags);
  const tries = triesOf(span, trace.spans);
  const meanings = knownFlags(flags).map(flag => t(`flags.${flag}`));
  const answer = failureCode({ status: asked.status, flags });
  return [
    {
      name: t('span.asked'),
      fact: asked.path && requestWords({ ...asked, operation }, namespace),
    },
    {
      name: t('span.answer'),
      fact: answer && [answer, ...meanings].join('. '),
    },
    {
      name: to ? t('span.from') : t('span.version'),
      fact: to
        ? partyWords({ service: span.service, version }, namespace)
        : version,
    },
    {
      name: t('span.destination'),
      fact:
        to && partyWords({ service: to.host, version: to.subset }, namespace),
    },
    { name: t('span.address'), fact: tags.upstream_address },
    {
      name: t('span.tries'),
      fact: tries > 1 && t('span.triesOf', { count: tries }),
    },
  ].filter(({ fact }) => Boolean(fact));
}

function Ending(props: { span: TraceSpan }) {
  const { error, failed } = props.span;
  const { t } = useMeshTranslation();
  if (failed) {
    return (
      <StatusMark level={failed === 'first' ? 'error' : 'warning'}>
        {t(
          failed === 'first'
            ? 'waterfall.failedFirst'
            : 'waterfall.failedBecause',
        )}
      </StatusMark>
    );
  }
  return (
    <StatusMark level={error ? 'error' : 'ok'}>
      {error ? t('traces.error') : t('traces.ok')}
    </StatusMark>
  );
}

function AllTags(props: { span: TraceSpan }) {
  const { span } = props;
  const { t } = useMeshTranslation();
  const tags = Object.entries(span.tags);
  return (
    <details className={styles.rest}>
      <summary>{t('span.all', { count: tags.length })}</summary>
      <ScrollTable
        label={t('span.tags')}
        head={
          <tr>
            <th scope="col">{t('span.tag')}</th>
            <th scope="col">{t('span.value')}</th>
          </tr>
        }
      >
        {tags.map(([key, value]) => (
          <tr key={key}>
            <th scope="row" className={`${styles.mono} ${styles.tag}`}>
              {key}
            </th>
            <td className={styles.mono}>{value}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">{t('span.id')}</th>
          <td className={styles.mono}>{span.spanId}</td>
        </tr>
      </ScrollTable>
    </details>
  );
}

function SpanDetail(props: {
  span: TraceSpan;
  trace: TraceView;
  placement: Placement;
}) {
  const { span, trace, placement } = props;
  const { namespace } = placement;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const action = meshAction(span.tags);
  return (
    <>
      <div className={styles.facts}>
        <span>{t('span.starts', { time: format.ms(span.startMs) })}</span>
        <span>{t('span.takes', { duration: format.ms(span.durationMs) })}</span>
        <Ending span={span} />
        {span.critical && <strong>{t('waterfall.critical')}</strong>}
      </div>
      <Facts of={factsOf(span, { trace, namespace, t })} />
      {action && (
        <MeshActionPart action={action} span={span} placement={placement} />
      )}
      <AllTags span={span} />
    </>
  );
}

/** One span: what matters first, the rest folded. */
export function SpanDrawer(props: {
  span: TraceSpan | undefined;
  trace: TraceView | undefined;
  placement: Placement;
  onClose: () => void;
}) {
  const { span, trace, placement, onClose } = props;
  const { namespace } = placement;
  return (
    <DetailDrawer
      title={
        span
          ? `${serviceNameIn(span.service, namespace)}: ${spanWords(
              span,
              namespace,
            )}`
          : ''
      }
      open={span !== undefined}
      onClose={onClose}
    >
      {span && trace && (
        <SpanDetail span={span} trace={trace} placement={placement} />
      )}
    </DetailDrawer>
  );
}
