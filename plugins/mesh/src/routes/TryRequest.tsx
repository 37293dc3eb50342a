import { useState } from 'react';
import { TextField } from '@backstage/ui';
import type {
  RoutesView,
  TryRouteRequest,
  TryRouteResult,
} from '@meshdeck/plugin-mesh-common';
import {
  FIRST_LINE,
  isPath,
  MethodAndPath,
} from '../view/tryForm/MethodAndPath';
import { PairsField } from '../view/tryForm/PairsField';
import { parsePairs } from '../view/tryForm/parsePairs';
import { TryForm } from '../view/tryForm/TryForm';
import type { AsyncRequest } from '../view/fetching/useRequest';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';

function answerOf(
  { rule, sentence }: TryRouteResult,
  rules: RoutesView['rules'],
  t: Translate,
) {
  const position = rules.findIndex(({ id }) => id === rule?.id);
  if (position < 0) {
    // A caller elsewhere may meet rules that are not on this page.
    const level = rule ? ('info' as const) : ('warning' as const);
    return { level, words: sentence };
  }
  const number = String(position + 1);
  return {
    level: 'info' as const,
    words: `${t('tryRequest.rule', { number })} ${sentence}`,
  };
}

/** Asks which rule would take a request. Nothing is sent to the service. */
export function TryRequest(props: {
  view: RoutesView;
  attempt: AsyncRequest<TryRouteRequest, TryRouteResult>;
}) {
  const { view, attempt } = props;
  const { t } = useMeshTranslation();
  const [line, setLine] = useState(FIRST_LINE);
  const [headers, setHeaders] = useState('');
  const [fromNamespace, setFromNamespace] = useState(view.placement.namespace);
  const pairs = parsePairs(headers);

  return (
    <TryForm
      subject="route"
      title={t('tryRequest.title')}
      note={t('tryRequest.note')}
      attempt={attempt}
      question={
        isPath(line.path) && pairs.wrong === undefined
          ? {
              ...line,
              headers: pairs.values,
              fromNamespace: fromNamespace.trim() || undefined,
            }
          : undefined
      }
      ask={t('tryRequest.ask')}
      failed={t('tryRequest.failed')}
      answerOf={result => answerOf(result, view.rules, t)}
    >
      <MethodAndPath line={line} onChange={setLine} />
      <PairsField
        label={t('tryRequest.headers')}
        value={headers}
        onChange={setHeaders}
      />
      <TextField
        label={t('tryRequest.fromNamespace')}
        size="small"
        value={fromNamespace}
        onChange={setFromNamespace}
      />
    </TryForm>
  );
}
