import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Button, Skeleton, Text, VisuallyHidden } from '@backstage/ui';
import { RiArrowLeftLine } from '@remixicon/react';
import type { TraceSpan, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { formatCount, formatMoment, formatMs } from '../format';
import { ErrorAlert } from '../frame/ErrorAlert';
import { Section } from '../frame/Section';
import { usePolled } from '../frame/usePolled';
import { SpanDrawer } from './SpanDrawer';
import { Waterfall } from './Waterfall';
import styles from './TracesTab.module.css';

/** Spans may still come in for a while; after that a trace stays as it is. */
const LATE_SPANS_INTERVAL_MS = 30_000;

/** One trace in place of the list. */
export function TraceDetail(props: {
  address: ViewAddress;
  traceId: string;
  onBack: () => void;
}) {
  const { address, traceId, onBack } = props;
  const api = useApi(meshApiRef);
  const [span, setSpan] = useState<TraceSpan>();
  const { answer: trace, error } = usePolled(
    `${address.placement} ${traceId}`,
    useCallback(() => api.trace(address, traceId), [api, address, traceId]),
    { intervalMs: LATE_SPANS_INTERVAL_MS },
  );
  const services = useMemo(
    () => new Set(trace?.spans.map(({ service }) => service)).size,
    [trace],
  );

  // The list may have been scrolled far down when a trace was chosen.
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    top.current?.scrollIntoView?.({ block: 'nearest' });
  }, []);

  return (
    <div ref={top}>
      <Section
        title={trace?.spans[0] ? `Trace: ${trace.spans[0].operation}` : 'Trace'}
        actions={
          <Button
            variant="secondary"
            size="small"
            iconStart={<RiArrowLeftLine />}
            onPress={onBack}
          >
            Back to the list
          </Button>
        }
      >
        {error && !trace && (
          <ErrorAlert error={error} title="This trace cannot be shown" />
        )}
        {!trace && !error && (
          <div role="status">
            <VisuallyHidden>Loading the trace</VisuallyHidden>
            <Skeleton width="100%" height={240} />
          </div>
        )}
        {trace && (
          <>
            <div className={styles.facts}>
              <span>{formatMoment(trace.start, Date.now())}</span>
              <span>{formatMs(trace.durationMs)}</span>
              <span>{formatCount(trace.spans.length, 'span')}</span>
              <span>{formatCount(services, 'service')}</span>
              <span className={styles.mono}>{trace.traceId}</span>
            </div>
            {trace.spans.length === 0 ? (
              <Text>This trace has no spans yet.</Text>
            ) : (
              <Waterfall trace={trace} onOpen={setSpan} />
            )}
          </>
        )}
        <SpanDrawer span={span} onClose={() => setSpan(undefined)} />
      </Section>
    </div>
  );
}
