import { useState, type FormEvent } from 'react';
import { Button, Select, TextField } from '@backstage/ui';
import type {
  RoutesView,
  TryRouteRequest,
  TryRouteResult,
} from '@meshdeck/plugin-mesh-common';
import { ErrorAlert } from '../frame/ErrorAlert';
import { parsePairs } from '../frame/parsePairs';
import { Section } from '../frame/Section';
import type { Prompted } from '../frame/usePrompted';
import { HTTP_METHODS, PATH_RULE } from '../frame/httpMethods';
import { TryAnswer, TryForm } from '../frame/TryForm';

/** Asks which rule would take a request. Nothing is sent to the service. */
export function TryRequest(props: {
  view: RoutesView;
  attempt: Prompted<TryRouteRequest, TryRouteResult>;
}) {
  const { view, attempt } = props;
  const [method, setMethod] = useState('GET');
  const [path, setPath] = useState('/');
  const [headers, setHeaders] = useState('');
  const [fromNamespace, setFromNamespace] = useState(view.placement.namespace);
  const pairs = parsePairs(headers);
  const isPath = path.startsWith('/');
  const position = view.rules.findIndex(
    ({ index }) => index === attempt.result?.ruleIndex,
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (pairs.problem || !isPath) return;
    attempt.ask({
      method,
      path,
      headers: pairs.values,
      fromNamespace: fromNamespace.trim() || undefined,
    });
  };

  return (
    <Section
      title="Try a request"
      note="worked out from the configuration; nothing is sent"
    >
      <TryForm onSubmit={submit}>
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
        <TextField
          label="Headers"
          size="small"
          placeholder="name=value, name=value"
          value={headers}
          onChange={setHeaders}
          isInvalid={pairs.problem !== undefined}
          description={pairs.problem}
        />
        <TextField
          label="From namespace"
          size="small"
          value={fromNamespace}
          onChange={setFromNamespace}
        />
        <Button
          type="submit"
          variant="secondary"
          isPending={attempt.asking}
          isDisabled={pairs.problem !== undefined || !isPath}
        >
          Which rule?
        </Button>
      </TryForm>
      {attempt.error && (
        <ErrorAlert error={attempt.error} title="No answer to this request" />
      )}
      {attempt.result && (
        <TryAnswer level={position < 0 ? 'warning' : 'info'}>
          {position < 0 ? '' : `Rule ${position + 1}. `}
          {attempt.result.sentence}
        </TryAnswer>
      )}
    </Section>
  );
}
