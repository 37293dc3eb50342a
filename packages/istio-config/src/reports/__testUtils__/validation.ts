import {
  app,
  destinationRule,
  object,
  policy,
  to,
  virtualService,
} from './objects';
import { analyzed, problems, type Report } from './questions';

const asked = (
  report: number | undefined,
  name: string,
  objects: string,
  ...answer: string[]
): Report => ({
  report,
  name,
  objects,
  ask: problems('IST0106'),
  answer,
});
const route = (report: number | undefined, name: string, spec: string) =>
  asked(
    report,
    name,
    app('desk') + virtualService('desk', spec),
    'IST0106 VirtualService nova/desk',
  );
const rule = (report: number | undefined, name: string, fields: string) =>
  route(report, name, `{hosts: [desk], http: [{${fields}}, {${to('desk')}}]}`);
const access = (report: number | undefined, name: string, spec: string) =>
  asked(report, name, policy(spec), 'IST0106 AuthorizationPolicy nova/rules');
const localities = (report: number, name: string, spec: string) =>
  asked(
    report,
    name,
    destinationRule(
      'desk',
      `{host: desk, trafficPolicy: {loadBalancer: {localityLbSetting: {${spec}}}}}`,
    ),
    'IST0106 DestinationRule nova/desk',
  );
const server = (tls: string) =>
  object(
    'Gateway',
    'nova/web',
    `{selector: {istio: front}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [desk.test], tls: {${tls}}}]}`,
  );
const entry = (fields: string) =>
  object(
    'ServiceEntry',
    'nova/db',
    `{hosts: [db.depot.test], ports: [{number: 6000, name: tcp, protocol: TCP}], ${fields}}`,
  );
const LAST_TAKES_ALL =
  app('desk') +
  virtualService(
    'desk',
    `{hosts: [desk], http: [{match: [{headers: {who: {exact: me}}}], ${to(
      'desk',
    )}}, {match: [{uri: {prefix: /}}], ${to('desk')}}]}`,
  );

/** What Istio refuses, and what is said of objects that stand alone. */
export const VALIDATION: Report[] = [
  rule(
    13,
    'a header’s regex "*"',
    `match: [{headers: {who: {regex: "*"}}}], ${to('desk')}`,
  ),
  rule(
    17,
    'a header’s empty prefix',
    `match: [{headers: {who: {prefix: ""}}}], ${to('desk')}`,
  ),
  rule(
    22,
    'retries without attempts',
    `retries: {perTryTimeout: 3s, retryOn: reset}, ${to('desk')}`,
  ),
  rule(94, 'a rule that leads nowhere', 'match: [{uri: {prefix: /q}}]'),
  rule(
    95,
    'a destination without a host',
    'route: [{destination: {host: desk}, weight: 70}, {destination: {host: ""}, weight: 30}]',
  ),
  route(
    100,
    'all hosts, in the mesh',
    `{hosts: ["*"], http: [{${to('desk')}}]}`,
  ),
  rule(
    101,
    'mirror beside mirrors',
    `${to(
      'desk',
    )}, mirror: {host: desk}, mirrors: [{destination: {host: desk}}]`,
  ),
  rule(
    103,
    'a word that retryOn does not know',
    `retries: {attempts: 3, retryOn: "reset,server-errors"}, ${to('desk')}`,
  ),
  route(
    104,
    'a host twice',
    `{hosts: [desk.depot.test, desk.depot.test], http: [{${to('desk')}}]}`,
  ),
  route(
    106,
    'a name in the TLS greeting that is none of the hosts',
    `{hosts: [desk.depot.test], tls: [{match: [{port: 443, sniHosts: [desk.other.test]}], ${to(
      'desk',
    )}}]}`,
  ),
  rule(
    124,
    'a delay for more than all',
    `fault: {delay: {fixedDelay: 2s, percentage: {value: 101}}}, ${to('desk')}`,
  ),
  access(
    107,
    'a source that says nothing',
    '{rules: [{from: [{source: {}}]}]}',
  ),
  access(
    109,
    'a condition that Istio does not know',
    '{rules: [{when: [{key: "request.header[who]", values: [me]}]}]}',
  ),
  access(
    110,
    'two addresses in one text',
    '{action: DENY, rules: [{from: [{source: {notRemoteIpBlocks: ["192.0.2.7,198.51.100.0/25"]}}]}]}',
  ),
  access(
    112,
    'a path template that goes on after {**}',
    '{rules: [{to: [{operation: {paths: ["/{**}/keys/{*}"]}}]}]}',
  ),
  asked(
    115,
    'no endpoints for a STATIC host are taken',
    entry('resolution: STATIC'),
  ),
  asked(
    116,
    'a block of addresses with DNS',
    entry('addresses: [10.8.0.0/16], resolution: DNS'),
    'IST0106 ServiceEntry nova/db',
  ),
  localities(
    118,
    'localities that add up to 80',
    'distribute: [{from: "n/*", to: {"n/*": 50, "s/*": 30}}]',
  ),
  localities(
    119,
    'distribute beside failover',
    'distribute: [{from: "n/*", to: {"n/*": 100}}], failover: [{from: n, to: s}]',
  ),
  asked(
    121,
    'a server that opens TLS without a certificate',
    server('mode: SIMPLE'),
    'IST0106 Gateway nova/web',
  ),
  {
    report: 122,
    name: 'a redirect to HTTPS on an HTTPS server is let through with a warning',
    objects: server('mode: SIMPLE, credentialName: cert, httpsRedirect: true'),
    ask: problems('IST0106', 'IST0133'),
    answer: ['IST0133 Gateway nova/web'],
  },
  asked(
    125,
    'mTLS on port 0',
    object(
      'PeerAuthentication',
      'nova/peers',
      '{selector: {matchLabels: {app: desk}}, portLevelMtls: {0: {mode: STRICT}}}',
    ),
    'IST0106 PeerAuthentication nova/peers',
  ),
  {
    report: 92,
    name: 'the prefix / takes the rest',
    objects: LAST_TAKES_ALL,
    ask: problems('MD0115'),
    answer: [],
  },
  {
    report: 145,
    name: '… on the command line, too',
    objects: LAST_TAKES_ALL,
    ask: analyzed('MD0115'),
    answer: [],
  },
  {
    report: 148,
    name: 'what istioctl installs from needs no name',
    objects: `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec: {profile: minimal}
`,
    ask: analyzed(),
    answer: [],
  },
];
