import { useState } from 'react';
import { Button, Text } from '@backstage/ui';
import type { TracesView } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { Section } from '../../view/frame/Section';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { OmittedSpans } from '../waterfall/OmittedSpans';
import { TraceList } from './TraceList';
import { TraceScatter } from './TraceScatter';
import { isSelected, type TraceSelection } from './traceSelection';
import styles from '../TracesTab.module.css';

/** The traces that were found, as points and in a list; some of them where a person selected some. */
export function FoundTraces(props: {
  view: TracesView;
  onOpen: (traceId: string) => void;
  onCompare: (one: string, other: string) => void;
  onSearchLongest: (minDurationMs: number) => void;
}) {
  const { view, onOpen, onCompare, onSearchLongest } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const [selection, setSelection] = useState<TraceSelection>();
  const [chosen, setChosen] = useState<string[]>([]);
  const { traces, serviceName: service, more } = view;

  if (traces.length === 0) {
    return (
      <Section title={t('traces.title')}>
        <Text>{t('traces.none', { service })}</Text>
        <OmittedSpans count={view.omittedSpans} />
      </Section>
    );
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
        selection={selection}
        onSelect={onOpen}
        onSelectMany={setSelection}
      />
      <div className={styles.chosen}>
        {selection ? (
          <>
            <span role="status">
              {t('scatter.selected', {
                count: selected.length,
                from: format.clock(selection.fromMs),
                to: format.clock(selection.toMs),
                shortest: format.ms(selection.shortestMs),
                longest: format.ms(selection.longestMs),
              })}
            </span>
            <Button
              size="small"
              variant="secondary"
              onPress={() => onSearchLongest(Math.floor(selection.shortestMs))}
            >
              {t('scatter.searchLongest', {
                duration: format.ms(Math.floor(selection.shortestMs)),
              })}
            </Button>
            <Button
              size="small"
              variant="tertiary"
              onPress={() => setSelection(undefined)}
            >
              {t('scatter.clear')}
            </Button>
          </>
        ) : (
          chosen.length < 2 && (
            <span className={styles.quiet}>{t('compare.hint')}</span>
          )
        )}
        {chosen.length === 2 && (
          <Button
            size="small"
            variant="secondary"
            onPress={() => onCompare(chosen[0], chosen[1])}
          >
            {t('compare.open')}
          </Button>
        )}
      </div>
      <TraceList traces={selected} chosen={chosen} onChoose={choose} />
    </Section>
  );
}
