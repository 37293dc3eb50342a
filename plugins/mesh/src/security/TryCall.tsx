import { useCallback, useState, type FormEvent } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Button, Select, TextField } from '@backstage/ui';
import type {
  SecurityView,
  TryCallRequest,
  TryCallResult,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { formatObject } from '../format';
import { ErrorAlert } from '../frame/ErrorAlert';
import { HTTP_METHODS, PATH_RULE } from '../frame/httpMethods';
import { parsePairs } from '../frame/parsePairs';
import { Section } from '../frame/Section';
import { TryAnswer, TryForm } from '../frame/TryForm';
import { usePrompted } from '../frame/usePrompted';

const OUTSIDE = 'outside';

const OUTCOMES = {
  allowed: { level: 'ok', words: 'Allowed' },
  denied: { level: 'error', words: 'Denied' },
  refused: { level: 'error', words: 'Refused before it is read' },
} as const;

function answerWords({ outcome, status, sentence, decidedBy }: TryCallResult) {
  const got = status === undefined ? '' : ` with ${status}`;
  const by = decidedBy ? ` Decided by ${formatObject(decidedBy)}.` : '';
  return `${OUTCOMES[outcome].words}${got}. ${sentence}${by}`;
}

/** Asks what a caller would get. Nothing is sent to the service. */
export function TryCall(props: { view: SecurityView; address: ViewAddress }) {
  const { view, address } = props;
  const api = useApi(meshApiRef);
  const callers = [
    ...new Set(
      view.callers.map(({ namespace, name }) => `${namespace}/${name}`),
    ),
  ];
  const ports = [...new Set(view.ports.map(({ port }) => port))];
  const [from, setFrom] = useState(callers[0] ?? OUTSIDE);
  const [method, setMethod] = useState('GET');
  const [path, setPath] = useState('/');
  const [port, setPort] = useState(ports[0]);
  const [issuer, setIssuer] = useState('');
  const [subject, setSubject] = useState('');
  const [claims, setClaims] = useState('');
  const pairs = parsePairs(claims);
  const isPath = path.startsWith('/');
  const lacksIssuer =
    !issuer.trim() && Boolean(subject.trim() || claims.trim());
  const isComplete = isPath && !pairs.problem && !lacksIssuer;
  const attempt = usePrompted(
    useCallback(
      (request: TryCallRequest) => api.tryCall(address, request),
      [api, address],
    ),
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isComplete) return;
    attempt.ask({
      from: from === OUTSIDE ? undefined : from,
      method,
      path,
      port,
      jwt: issuer.trim()
        ? {
            issuer: issuer.trim(),
            subject: subject.trim() || undefined,
            claims: pairs.values,
          }
        : undefined,
    });
  };

  return (
    <Section
      title="Try a call"
      note="worked out from the policies; nothing is sent"
    >
      <TryForm onSubmit={submit}>
        <Select
          label="From"
          options={[
            ...callers.map(name => ({ id: name, label: name })),
            { id: OUTSIDE, label: 'a caller outside the mesh' },
          ]}
          value={from}
          onChange={chosen => setFrom(String(chosen))}
        />
        <Select
          label="Method"
          options={HTTP_METHODS.map(name => ({ id: name, label: name }))}
          value={method}
          onChange={chosen => setMethod(String(chosen))}
        />
        <TextField
          label="Path"
          size="small"
          value={path}
          onChange={setPath}
          isInvalid={!isPath}
          description={isPath ? undefined : PATH_RULE}
        />
        {ports.length > 1 && (
          <Select
            label="Port"
            options={ports.map(number => ({
              id: String(number),
              label: String(number),
            }))}
            value={String(port)}
            onChange={chosen => setPort(Number(chosen))}
          />
        )}
        <TextField
          label="Token issuer"
          size="small"
          placeholder="without a token"
          value={issuer}
          onChange={setIssuer}
          isInvalid={lacksIssuer}
          description={
            lacksIssuer ? 'A token has an issuer: name it.' : undefined
          }
        />
        <TextField
          label="Token subject"
          size="small"
          value={subject}
          onChange={setSubject}
        />
        <TextField
          label="Token claims"
          size="small"
          placeholder="name=value, name=value"
          value={claims}
          onChange={setClaims}
          isInvalid={pairs.problem !== undefined}
          description={pairs.problem}
        />
        <Button
          type="submit"
          variant="secondary"
          isPending={attempt.asking}
          isDisabled={!isComplete}
        >
          What does it get?
        </Button>
      </TryForm>
      {attempt.error && (
        <ErrorAlert error={attempt.error} title="No answer to this call" />
      )}
      {attempt.result && (
        <TryAnswer level={OUTCOMES[attempt.result.outcome].level}>
          {answerWords(attempt.result)}
        </TryAnswer>
      )}
    </Section>
  );
}
