import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Button, Link, Skeleton, Text, VisuallyHidden } from '@backstage/ui';
import { RiArrowLeftLine } from '@remixicon/react';
import type {
  Placement,
  TraceSpan,
  TraceView,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { useFormat } from '../translations/useFormat';
import { ErrorAlert } from '../view/errors/ErrorAlert';
import { Section } from '../view/frame/Section';
import { usePolled } from '../view/fetching/usePolled';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { longestGap } from './waterfall/longestGap';
import { OmittedSpans } from './waterfall/OmittedSpans';
import { SpanDrawer } from './waterfall/SpanDrawer';
import { Waterfall } from './waterfall/Waterfall';
import styles from './TracesTab.module.css';

/** Spans may still come in for a while; after that a trace stays as it is. */
const LATE_SPANS_INTERVAL_MS = 30_000;

/** A shorter silence is what programs need to call each other. */
const NOTABLE_GAP_SHARE = 0.1;

/** The trace in a line, and the longest time in which nothing of it is known. */
function TraceFacts(props: { trace: TraceView }) {
  const { trace } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const services = useMemo(
    () => new Set(trace.spans.map(({ service }) => service)).size,
    [trace],
  );
  const gap = useMemo(() => longestGap(trace.spans), [trace]);
  const isNotable =
    gap && gap.durationMs > trace.durationMs * NOTABLE_GAP_SHARE;
  return (
    <>
      <div className={styles.facts}>
        <span>{format.moment(trace.start, Date.now())}</span>
        <span>{format.ms(trace.durationMs)}</span>
        <span>{t('trace.spans', { count: trace.spans.length })}</span>
        <span>{t('trace.services', { count: services })}</span>
        <span className={styles.mono}>{trace.traceId}</span>
      </div>
      <OmittedSpans count={trace.omittedSpans} />
      {isNotable && (
        <Text as="p" className={styles.gap}>
          {t('trace.gap', {
            duration: format.ms(gap.durationMs),
            start: format.ms(gap.startMs),
            service: gap.span.service,
            operation: gap.span.operation,
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
  error: Error | undefined;
  onOpen: (span: TraceSpan) => void;
}) {
  const { trace, error, onOpen } = props;
  const { t } = useMeshTranslation();
  if (!trace) {
    return error ? (
      <ErrorAlert error={error} title={t('trace.failed')} />
    ) : (
      <div role="status">
        <VisuallyHidden>{t('trace.loading')}</VisuallyHidden>
        <Skeleton width="100%" height={240} />
      </div>
    );
  }
  return (
    <>
      <TraceFacts trace={trace} />
      {trace.spans.length === 0 ? (
        <Text>{t('trace.empty')}</Text>
      ) : (
        <Waterfall trace={trace} onOpen={onOpen} />
      )}
    </>
  );
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
        title={
          trace?.spans[0]
            ? t('trace.titleOf', { operation: trace.spans[0].operation })
            : t('trace.title')
        }
        actions={<TraceActions trace={trace} onBack={onBack} />}
      >
        <TraceBody trace={trace} error={error} onOpen={setSpan} />
        <SpanDrawer
          span={span}
          placement={placement}
          onClose={() => setSpan(undefined)}
        />
      </Section>
    </div>
  );
}
