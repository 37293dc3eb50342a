import { Text } from '@backstage/ui';
import type { TracesView } from '@meshdeck/plugin-mesh-common';
import { formatCount } from '../format';
import { FindingsList } from '../frame/FindingsList';
import { Section } from '../frame/Section';
import { useMeshView } from '../frame/useMeshView';
import { VerdictLine } from '../frame/VerdictLine';
import { ViewFrame } from '../frame/ViewFrame';
import { TraceDetail } from './TraceDetail';
import { TraceFilters } from './TraceFilters';
import { TraceList } from './TraceList';
import { TraceScatter } from './TraceScatter';
import { useTraceQuery } from './useTraceQuery';

function howMany(view: TracesView): string {
  const found = formatCount(view.traces.length, 'trace');
  return view.more
    ? `the newest ${found} of ${view.serviceName}; there are more, so narrow the search`
    : `${found} of ${view.serviceName}`;
}

function Found(props: {
  view: TracesView;
  onSelect: (traceId: string) => void;
}) {
  const { view, onSelect } = props;
  if (view.traces.length === 0) {
    return (
      <Section title="Traces">
        <Text>
          No trace of {view.serviceName} fits these filters in this time window.
          Widen the window or the filters; if there is never one, the mesh may
          not sample this service.
        </Text>
      </Section>
    );
  }
  return (
    <Section title="Traces" note={howMany(view)}>
      <TraceScatter traces={view.traces} onSelect={onSelect} />
      <TraceList traces={view.traces} />
    </Section>
  );
}

/** What single requests went through. */
export function TracesTab() {
  const { filters, query, setFilters, traceId, selectTrace } = useTraceQuery();
  const mesh = useMeshView('traces', query);
  return (
    <ViewFrame view={mesh}>
      {view =>
        mesh.address && (
          <>
            <VerdictLine of={view.verdict} on="traces" />
            <TraceFilters
              applied={filters}
              operations={view.operations}
              onApply={setFilters}
            />
            {traceId ? (
              <TraceDetail
                key={traceId}
                address={mesh.address}
                traceId={traceId}
                onBack={() => selectTrace(undefined)}
              />
            ) : (
              <Found view={view} onSelect={selectTrace} />
            )}
            {view.findings.length > 0 && (
              <Section title="Findings">
                <FindingsList findings={view.findings} />
              </Section>
            )}
          </>
        )
      }
    </ViewFrame>
  );
}
