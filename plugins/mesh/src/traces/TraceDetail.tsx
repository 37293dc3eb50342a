import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Button, Link, Skeleton, Text, VisuallyHidden } from '@backstage/ui';
import { RiArrowLeftLine } from '@remixicon/react';
import {
  serviceNameIn,
  spanRequest,
  type Placement,
  type TraceSpan,
  type TraceView,
  type ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { useFormat } from '../translations/useFormat';
import { Section } from '../view/frame/Section';
import { usePolled } from '../view/fetching/usePolled';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';
import { requestWords, spanWords } from './requestWords';
import { TraceError } from './TraceError';
import { TraceFailureLine } from './TraceFailureLine';
import { longestGap } from './waterfall/longestGap';
import { OmittedSpans } from './waterfall/OmittedSpans';
import { SpanDrawer } from './waterfall/SpanDrawer';
import { Waterfall } from './waterfall/Waterfall';
import styles from './TracesTab.module.css';

/** Spans may still come in for a while; after that a trace stays as it is. */
const LATE_SPANS_INTERVAL_MS = 30_000;

/** A shorter silence is what programs need to call each other. */
const NOTABLE_GAP_SHARE = 0.1;

/** The trace in a line, and below that why it failed, or the longest time in which nothing of it is known. */
function TraceFacts(props: { trace: TraceView; namespace: string }) {
  const { trace, namespace } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const services = useMemo(
    () => new Set(trace.spans.map(({ service }) => service)).size,
    [trace],
  );
  const gap = useMemo(() => longestGap(trace.spans), [trace]);
  const isNotable =
    gap &&
    !trace.failure &&
    gap.durationMs > trace.durationMs * NOTABLE_GAP_SHARE;
  return (
    <>
      <div className={styles.facts}>
        <span>{format.moment(trace.start, Date.now())}</span>
        <span>{format.ms(trace.durationMs)}</span>
        <span>{t('trace.spans', { count: trace.spans.length })}</span>
        <span>{t('trace.services', { count: services })}</span>
        <span className={styles.mono}>{trace.traceId}</span>
      </div>
      {trace.failure && (
        <TraceFailureLine
          trace={trace}
          failure={trace.failure}
          namespace={namespace}
        />
      )}
      <OmittedSpans count={trace.omittedSpans} />
      {isNotable && (
        <Text as="p" className={styles.gap}>
          {t('trace.gap', {
            duration: format.ms(gap.durationMs),
            start: format.ms(gap.startMs),
            service: serviceNameIn(gap.span.service, namespace),
            operation: spanWords(gap.span, namespace),
          })}
        </Text>
      )}
    </>
  );
}

function TraceActions(props: {
  trace: TraceView | undefined;
  onBack: () => void;
}) {
  const { trace, onBack } = props;
  const { t } = useMeshTranslation();
  return (
    <div className={styles.actions}>
      {trace?.externalUrl && (
        <Link href={trace.externalUrl} target="_blank" rel="noopener">
          {t('trace.openIn', {
            name: trace.externalName ?? t('trace.tracingSystem'),
          })}
        </Link>
      )}
      <Button
        variant="secondary"
        size="small"
        iconStart={<RiArrowLeftLine />}
        onPress={onBack}
      >
        {t('trace.back')}
      </Button>
    </div>
  );
}

function TraceBody(props: {
  trace: TraceView | undefined;
  namespace: string;
  error: Error | undefined;
  onOpen: (span: TraceSpan) => void;
}) {
  const { trace, namespace, error, onOpen } = props;
  const { t } = useMeshTranslation();
  if (!trace) {
    return error ? (
      <TraceError error={error} />
    ) : (
      <div role="status">
        <VisuallyHidden>{t('trace.loading')}</VisuallyHidden>
        <Skeleton width="100%" height={240} />
      </div>
    );
  }
  return (
    <>
      <TraceFacts trace={trace} namespace={namespace} />
      {trace.spans.length === 0 ? (
        <Text>{t('trace.empty')}</Text>
      ) : (
        <Waterfall trace={trace} namespace={namespace} onOpen={onOpen} />
      )}
    </>
  );
}

function titleOf(
  trace: TraceView | undefined,
  namespace: string,
  t: Translate,
): string {
  const root = trace?.spans[0];
  return root
    ? t('trace.titleOf', {
        operation: requestWords(
          { ...spanRequest(root.tags), operation: root.operation },
          namespace,
        ),
      })
    : t('trace.title');
}

/** One trace in place of the list. */
export function TraceDetail(props: {
  address: ViewAddress;
  placement: Placement;
  traceId: string;
  onBack: () => void;
}) {
  const { address, placement, traceId, onBack } = props;
  const { t } = useMeshTranslation();
  const api = useApi(meshApiRef);
  const { namespace } = placement;
  const [span, setSpan] = useState<TraceSpan>();
  const { answer: trace, error } = usePolled(
    `${address.placement} ${traceId}`,
    useCallback(
      () => api.view('trace', address, { traceId }),
      [api, address, traceId],
    ),
    { intervalMs: LATE_SPANS_INTERVAL_MS },
  );

  // The list may have been scrolled far down when a trace was chosen.
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    top.current?.scrollIntoView?.({ block: 'nearest' });
  }, []);

  return (
    <div ref={top}>
      <Section
        title={titleOf(trace, namespace, t)}
        actions={<TraceActions trace={trace} onBack={onBack} />}
      >
        <TraceBody
          trace={trace}
          namespace={namespace}
          error={error}
          onOpen={setSpan}
        />
        <SpanDrawer
          span={span}
          trace={trace}
          placement={placement}
          onClose={() => setSpan(undefined)}
        />
      </Section>
    </div>
  );
}
