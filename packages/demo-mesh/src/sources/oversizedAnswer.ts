import type { IncomingMessage } from 'node:http';
import type { SourceName } from './SourceName';

/** An answer that looks right from its first byte on and can be made as long as one likes. */
export interface OversizedAnswer {
  head: string;
  item: string;
  separator: string;
  tail: string;
}

const POD =
  '{"metadata":{"name":"pod","namespace":"huge","labels":{"app":"huge"}},"spec":{"containers":[]},"status":{"phase":"Running"}}';
const LABELS = '"source_workload":"huge","response_code":"200"';

const ANSWERS: Record<SourceName | 'watch', OversizedAnswer> = {
  kubernetes: {
    head: '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[',
    item: POD,
    separator: ',',
    tail: ']}',
  },
  // One event whose line does not end.
  watch: {
    head: '{"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"huge","namespace":"huge"},"data":{"text":"',
    item: 'and so on, and ',
    separator: '',
    tail: '"}}}\n',
  },
  prometheus: {
    head: '{"status":"success","data":{"resultType":"vector","result":[',
    item: `{"metric":{${LABELS}},"value":[1767960000,"1"]}`,
    separator: ',',
    tail: ']}}',
  },
  jaeger: {
    head: '{"data":[',
    item: '{"traceID":"00000000000000000000000000000001","spans":[],"processes":{}}',
    separator: ',',
    tail: ']}',
  },
  tempo: {
    head: '{"traces":[',
    item: '{"traceID":"1","rootServiceName":"huge","rootTraceName":"huge","durationMs":1}',
    separator: ',',
    tail: ']}',
  },
  kiali: {
    head: '{"services":[',
    item: '{"name":"huge","namespace":"huge"}',
    separator: ',',
    tail: ']}',
  },
};

export function oversizedAnswer(
  source: SourceName,
  { url = '' }: IncomingMessage,
): OversizedAnswer {
  const isWatch = source === 'kubernetes' && /[?&]watch=(true|1)/.test(url);
  return ANSWERS[isWatch ? 'watch' : source];
}
