import { portProtocols } from '../../workloads/servicePorts';
import { labelled, object } from './objects';
import { injected, type Report } from './questions';

const pod = (metadata: string, namespace = 'istio-injection: enabled') =>
  object('Namespace', 'nova', '{}', labelled(namespace)) +
  object('Pod', 'nova/desk', '{containers: [{name: desk}]}', `, ${metadata}`);
const label = (value: string) =>
  `labels: {sidecar.istio.io/inject: "${value}"}`;
const annotation = (value: string) =>
  `annotations: {sidecar.istio.io/inject: "${value}"}`;
const asked = (
  report: number | undefined,
  name: string,
  objects: string,
  answer: 'injected' | 'not injected',
): Report => ({ report, name, objects, ask: injected(), answer: [answer] });

/** Which pods get a sidecar, and what their ports speak. */
export const INJECTION: Report[] = [
  asked(64, 'the label "no" says nothing', pod(label('no')), 'injected'),
  asked(65, 'nor does "enabled"', pod(label('enabled')), 'injected'),
  asked(70, 'nor does an empty one', pod(label('')), 'injected'),
  asked(
    71,
    'nor an annotation in capitals',
    pod(annotation('False')),
    'injected',
  ),
  asked(
    67,
    'a namespace that is switched off is so for pods that ask',
    pod(label('true'), 'istio-injection: disabled'),
    'not injected',
  ),
  asked(
    68,
    'a pod’s label goes before its annotation',
    pod(`${label('true')}, ${annotation('false')}`),
    'injected',
  ),
  asked(
    undefined,
    'with another value of istio-injection no pod of the namespace is injected, whatever it asks for',
    pod(label('true'), 'istio-injection: "true"'),
    'not injected',
  ),
  asked(
    undefined,
    '… nor by a revision',
    pod('labels: {app: desk}', 'istio-injection: "", istio.io/rev: next'),
    'not injected',
  ),
  {
    report: 139,
    name: 'what the names and numbers of ports say',
    objects: object(
      'Service',
      'nova/desk',
      `{ports: [${[
        '{name: api-http, port: 21}',
        '{name: http, port: 22}',
        '{name: grpc-web-api, port: 23}',
        '{name: Grpc-Api, port: 24}',
        '{name: http2-api, port: 26}',
        '{port: 27017}',
        '{name: api, port: 28, appProtocol: Https}',
        '{name: http3, port: 29}',
      ].join(', ')}]}`,
    ),
    ask: set =>
      portProtocols(set.get('Service', 'nova', 'desk')!).map(
        ({ protocol }) => protocol,
      ),
    answer: 'auto HTTP GRPC-Web GRPC HTTP2 TCP HTTPS auto'.split(' '),
  },
];
