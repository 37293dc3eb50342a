import { useState } from 'react';
import { Button, Text } from '@backstage/ui';
import { serviceNameIn, type TracesView } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { Section } from '../../view/frame/Section';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { OmittedSpans } from '../waterfall/OmittedSpans';
import { TraceList } from './TraceList';
import { TraceScatter } from './TraceScatter';
import { isSelected, type TraceSelection } from './traceSelection';
import styles from '../TracesTab.module.css';

function SelectedTraces(props: {
  selection: TraceSelection;
  count: number;
  onSearchLongest: (minDurationMs: number) => void;
  onClear: () => void;
}) {
  const { selection, count, onSearchLongest, onClear } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const shortest = Math.floor(selection.shortestMs);
  return (
    <>
      <span role="status">
        {t('scatter.selected', {
          count,
          from: format.clock(selection.fromMs),
          to: format.clock(selection.toMs),
          shortest: format.ms(selection.shortestMs),
          longest: format.ms(selection.longestMs),
        })}
      </span>
      <Button
        size="small"
        variant="secondary"
        onPress={() => onSearchLongest(shortest)}
      >
        {t('scatter.searchLongest', { duration: format.ms(shortest) })}
      </Button>
      <Button size="small" variant="tertiary" onPress={onClear}>
        {t('scatter.clear')}
      </Button>
    </>
  );
}

function NoTraces(props: { view: TracesView }) {
  const { serviceName, omittedSpans, placement } = props.view;
  const service = serviceNameIn(serviceName, placement.namespace);
  const { t } = useMeshTranslation();
  return (
    <Section title={t('traces.title')}>
      <Text>{t('traces.none', { service })}</Text>
      <OmittedSpans count={omittedSpans} />
    </Section>
  );
}

function CompareButton(props: {
  chosen: string[];
  onCompare: (one: string, other: string) => void;
}) {
  const [one, other] = props.chosen;
  const { t } = useMeshTranslation();
  return (
    <Button
      size="small"
      variant="secondary"
      onPress={() => props.onCompare(one, other)}
    >
      {t('compare.open')}
    </Button>
  );
}

/** The traces that were found, as points and in a list; some of them where a person selected some. */
export function FoundTraces(props: {
  view: TracesView;
  onOpen: (traceId: string) => void;
  onCompare: (one: string, other: string) => void;
  onSearchLongest: (minDurationMs: number) => void;
}) {
  const { view, onOpen, onCompare, onSearchLongest } = props;
  const { t } = useMeshTranslation();
  const [selection, setSelection] = useState<TraceSelection>();
  const [chosen, setChosen] = useState<string[]>([]);
  const { traces, serviceName, more } = view;
  const { namespace } = view.placement;
  const service = serviceNameIn(serviceName, namespace);

  if (traces.length === 0) {
    return <NoTraces view={view} />;
  }
  const selected = selection
    ? traces.filter(trace => isSelected(trace, selection))
    : traces;
  const choose = (traceId: string, isChosen: boolean) =>
    setChosen(previous =>
      isChosen
        ? [...previous, traceId]
        : previous.filter(other => other !== traceId),
    );

  return (
    <Section
      title={t('traces.title')}
      note={t(more ? 'traces.foundMore' : 'traces.found', {
        count: traces.length,
        service,
      })}
    >
      <OmittedSpans count={view.omittedSpans} />
      <TraceScatter
        traces={traces}
        namespace={namespace}
        selection={selection}
        onSelect={onOpen}
        onSelectMany={setSelection}
      />
      <div className={styles.chosen}>
        {selection && (
          <SelectedTraces
            selection={selection}
            count={selected.length}
            onSearchLongest={onSearchLongest}
            onClear={() => setSelection(undefined)}
          />
        )}
        {!selection && chosen.length < 2 && (
          <span className={styles.quiet}>{t('compare.hint')}</span>
        )}
        {chosen.length === 2 && (
          <CompareButton chosen={chosen} onCompare={onCompare} />
        )}
      </div>
      <TraceList
        traces={selected}
        namespace={namespace}
        chosen={chosen}
        onChoose={choose}
      />
    </Section>
  );
}
