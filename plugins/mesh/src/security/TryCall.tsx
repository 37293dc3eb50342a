import { useCallback, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Select, TextField } from '@backstage/ui';
import type {
  SecurityView,
  TryCallRequest,
  TryCallResult,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { formatObject } from '../format';
import {
  FIRST_LINE,
  isPath,
  MethodAndPath,
} from '../view/tryForm/MethodAndPath';
import { PairsField } from '../view/tryForm/PairsField';
import { parsePairs } from '../view/tryForm/parsePairs';
import { TryForm } from '../view/tryForm/TryForm';
import { useRequest } from '../view/fetching/useRequest';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';

const OUTSIDE = 'outside';
/** The busiest ones; a longer list can be neither read nor drawn at once. */
const MOST_CALLERS = 200;

const LEVELS = { allowed: 'ok', denied: 'error', refused: 'error' } as const;

function answerWords(result: TryCallResult, t: Translate): string {
  const { outcome, status, sentence, decidedBy } = result;
  const got =
    status === undefined
      ? t(`tryCall.${outcome}`)
      : t('tryCall.status', {
          outcome: t(`tryCall.${outcome}`),
          status: String(status),
        });
  const by =
    decidedBy && t('tryCall.decidedBy', { object: formatObject(decidedBy) });
  return [`${got}.`, sentence, by].filter(Boolean).join(' ');
}

/** The token of a call, as far as policies look at it. */
function useToken() {
  const { t } = useMeshTranslation();
  const [issuer, setIssuer] = useState('');
  const [subject, setSubject] = useState('');
  const [claims, setClaims] = useState('');
  const pairs = parsePairs(claims);
  const lacksIssuer =
    !issuer.trim() && Boolean(subject.trim() || claims.trim());
  return {
    isComplete: !lacksIssuer && pairs.wrong === undefined,
    jwt: issuer.trim()
      ? {
          issuer: issuer.trim(),
          subject: subject.trim() || undefined,
          claims: pairs.values,
        }
      : undefined,
    fields: (
      <>
        <TextField
          label={t('tryCall.issuer')}
          size="small"
          placeholder={t('tryCall.noToken')}
          value={issuer}
          onChange={setIssuer}
          isInvalid={lacksIssuer}
          description={lacksIssuer ? t('tryCall.issuerRule') : undefined}
        />
        <TextField
          label={t('tryCall.subject')}
          size="small"
          value={subject}
          onChange={setSubject}
        />
        <PairsField
          label={t('tryCall.claims')}
          value={claims}
          onChange={setClaims}
        />
      </>
    ),
  };
}

function callerNames({ callers }: SecurityView): string[] {
  const names = callers.map(({ namespace, name }) => `${namespace}/${name}`);
  return [...new Set(names)].slice(0, MOST_CALLERS);
}

function CallerField(props: {
  callers: string[];
  from: string;
  onChange: (from: string) => void;
}) {
  const { t } = useMeshTranslation();
  return (
    <Select
      label={t('tryCall.from')}
      options={[
        ...props.callers.map(name => ({ id: name, label: name })),
        { id: OUTSIDE, label: t('tryCall.outside') },
      ]}
      value={props.from}
      onChange={chosen => props.onChange(String(chosen))}
    />
  );
}

/** Asks what a caller would get. Nothing is sent to the service. */
export function TryCall(props: { view: SecurityView; address: ViewAddress }) {
  const { view, address } = props;
  const api = useApi(meshApiRef);
  const { t } = useMeshTranslation();
  const callers = callerNames(view);
  const ports = [...new Set(view.ports.map(({ port }) => port))];
  const [from, setFrom] = useState(callers[0] ?? OUTSIDE);
  const [line, setLine] = useState(FIRST_LINE);
  const [port, setPort] = useState(ports[0]);
  const token = useToken();
  const attempt = useRequest(
    useCallback(
      (request: TryCallRequest) => api.tryCall(address, request),
      [api, address],
    ),
  );

  return (
    <TryForm
      subject="call"
      title={t('tryCall.title')}
      note={t('tryCall.note')}
      attempt={attempt}
      question={
        isPath(line.path) && token.isComplete
          ? {
              ...line,
              from: from === OUTSIDE ? undefined : from,
              port,
              jwt: token.jwt,
            }
          : undefined
      }
      ask={t('tryCall.ask')}
      failed={t('tryCall.failed')}
      answerOf={result => ({
        level: LEVELS[result.outcome],
        words: answerWords(result, t),
      })}
    >
      <CallerField callers={callers} from={from} onChange={setFrom} />
      <MethodAndPath line={line} onChange={setLine} />
      {ports.length > 1 && (
        <Select
          label={t('tryCall.port')}
          options={ports.map(number => ({
            id: String(number),
            label: String(number),
          }))}
          value={String(port)}
          onChange={chosen => setPort(Number(chosen))}
        />
      )}
      {token.fields}
    </TryForm>
  );
}
