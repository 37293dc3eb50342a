import type { TracesView, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { DashboardLinks } from '../view/opinion/DashboardLinks';
import { FindingsList } from '../view/findings/FindingsList';
import { SecondOpinion } from '../view/opinion/SecondOpinion';
import { Section } from '../view/frame/Section';
import { VerdictLine } from '../view/verdict/VerdictLine';
import { useMeshView } from '../view/fetching/useMeshView';
import { ChangeForm } from '../changes/ChangeForm';
import { MendableView } from '../changes/MendableView';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { FoundTraces } from './search/FoundTraces';
import { TraceComparison } from './comparison/TraceComparison';
import { TraceDetail } from './TraceDetail';
import { TraceFilters } from './search/TraceFilters';
import { TraceNeighbours } from './TraceNeighbours';
import { NO_FILTERS, useTraceQuery } from './search/useTraceQuery';

/** The list, a trace in its place, or two traces against each other. */
function Matter(props: {
  view: TracesView;
  address: ViewAddress;
  state: ReturnType<typeof useTraceQuery>;
}) {
  const { view, address, state } = props;
  const { traceId, comparedWith, selectTrace, setFilters } = state;
  if (traceId && comparedWith) {
    return (
      <TraceComparison
        key={`${traceId} ${comparedWith}`}
        address={address}
        namespace={view.placement.namespace}
        traceIds={[traceId, comparedWith]}
        onBack={() => selectTrace(undefined)}
      />
    );
  }
  if (traceId) {
    return (
      <TraceDetail
        key={traceId}
        address={address}
        placement={view.placement}
        traceId={traceId}
        onBack={() => selectTrace(undefined)}
      />
    );
  }
  return (
    <>
      <FoundTraces
        view={view}
        onOpen={id => selectTrace(id)}
        onCompare={selectTrace}
        onSearchLongest={min =>
          setFilters({ ...NO_FILTERS, ...state.filters, min: String(min) })
        }
      />
      <TraceNeighbours
        address={address}
        namespace={view.placement.namespace}
        window={view.window}
      />
    </>
  );
}

/** What single requests went through. */
export function TracesTab() {
  const state = useTraceQuery();
  const mesh = useMeshView('traces', state.query);
  const { t } = useMeshTranslation();
  return (
    <MendableView view={mesh}>
      {view =>
        mesh.address && (
          <>
            <VerdictLine of={view} on="traces" />
            <SecondOpinion address={mesh.address} window={mesh.window} />
            <Section
              title={t('intents.sampling')}
              note={t('intents.titleNote')}
            >
              <ChangeForm
                intents={['sampling']}
                about={t('intents.forService')}
              />
            </Section>
            <TraceFilters
              applied={state.filters}
              operations={view.operations}
              versions={view.versions}
              namespace={view.placement.namespace}
              onApply={state.setFilters}
            />
            <Matter view={view} address={mesh.address} state={state} />
            <DashboardLinks address={mesh.address} window={mesh.window} />
            {view.findings.length > 0 && (
              <Section title={t('traces.findings')}>
                <FindingsList findings={view.findings} />
              </Section>
            )}
          </>
        )
      }
    </MendableView>
  );
}
