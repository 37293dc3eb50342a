import { deployment } from '../../__fixtures__/orion';
import {
  app,
  destinationRule,
  entry,
  HTTP_80,
  mesh,
  object,
  on,
  to,
  under,
  virtualService,
} from './objects';
import { call, problems, routes, type Report } from './questions';

const DESK = app('desk', { versions: ['v1', 'v2'] });
const BOTH = DESK + app('lamp');
const DESK_HOST = 'desk.nova.svc.cluster.local';
const http = (rules: string, hosts = 'desk') =>
  virtualService('desk', `{hosts: [${hosts}], http: [${rules}]}`);
const ofWorkloads = (labels: string, host: string) =>
  `{match: [{sourceLabels: {${labels}}}], ${to(host)}}`;

/** What a caller's proxy makes of VirtualServices. */
export const ROUTING: Report[] = [
  {
    report: 2,
    name: 'a match that names gateways asks for no labels of the caller',
    objects:
      BOTH +
      http(
        `{match: [{gateways: [mesh], sourceLabels: {tier: gold}}], ${to(
          'lamp',
        )}}, {${to('desk')}}`,
      ),
    ask: call('http://desk:80/'),
    answer: ['lamp-v1'],
  },
  {
    report: 4,
    name: 'of two wildcards for one host the older alone is bound, though it has no rule for the caller',
    objects:
      BOTH +
      entry('img.depot.test', HTTP_80) +
      virtualService(
        'old',
        `{hosts: ["*.depot.test"], http: [${ofWorkloads('app: z', 'desk')}]}`,
        on('2023-05-01'),
      ) +
      virtualService(
        'young',
        `{hosts: ["*.depot.test"], http: [${ofWorkloads(
          'app: client',
          'lamp',
        )}]}`,
        on('2023-06-01'),
      ),
    ask: call('http://img.depot.test:80/'),
    answer: ['leaves for img.depot.test:80'],
  },
  {
    report: 5,
    name: 'a host that nobody registered is routed on port 80',
    objects: DESK + http(under('/d', 'desk'), 'inner.depot.test'),
    ask: call('http://inner.depot.test:80/d'),
    answer: ['desk-v1', 'desk-v2'],
  },
  {
    report: 14,
    name: 'withoutHeaders with "*" is about presence',
    objects:
      DESK +
      http(
        `{match: [{withoutHeaders: {who: {regex: "*"}}}], directResponse: {status: 403}}, {${to(
          'desk',
        )}}`,
      ),
    ask: call('http://desk:80/', { headers: { who: 'me' } }),
    answer: ['desk-v1', 'desk-v2'],
  },
  {
    report: 14,
    name: '… and takes who has none',
    objects:
      DESK +
      http(
        `{match: [{withoutHeaders: {who: {regex: "*"}}}], directResponse: {status: 403}}, {${to(
          'desk',
        )}}`,
      ),
    ask: call('http://desk:80/'),
    answer: ['403'],
  },
  {
    report: 16,
    name: 'withoutHeaders takes a missing header for an empty one',
    objects:
      BOTH +
      http(
        `{match: [{withoutHeaders: {edition: {exact: new}}}], ${to(
          'lamp',
        )}}, {${to('desk')}}`,
      ),
    ask: call('http://desk:80/'),
    answer: ['lamp-v1'],
  },
  {
    report: 20,
    name: 'an abort with a gRPC status is said',
    objects:
      DESK +
      http(
        `{fault: {abort: {grpcStatus: ABORTED, percentage: {value: 100}}}, ${to(
          'desk',
        )}}`,
      ),
    ask: routes(DESK_HOST),
    answer: [
      'everything → desk.nova; 100 % are answered with gRPC status ABORTED on purpose',
    ],
  },
  {
    report: 79,
    name: 'a TLS rule for other callers leaves the name to the rule of another VirtualService',
    objects:
      app('out', { ports: 'name: tls, port: 443' }) +
      entry('pay.depot.test', 'number: 443, name: tls, protocol: TLS') +
      virtualService(
        'some',
        `{hosts: [pay.depot.test], tls: [{match: [{sniHosts: [pay.depot.test], sourceLabels: {app: z}}], ${to(
          'out',
        )}}]}`,
        on('2023-05-01'),
      ) +
      virtualService(
        'all',
        `{hosts: [pay.depot.test], tls: [{match: [{sniHosts: [pay.depot.test]}], ${to(
          'pay.depot.test',
        )}}]}`,
        on('2023-06-01'),
      ),
    ask: call('tls://pay.depot.test:443'),
    answer: ['leaves for pay.depot.test:443'],
  },
  {
    report: 80,
    name: 'all VirtualServices with one wildcard have their TLS rules',
    objects:
      app('out', { ports: 'name: tls, port: 443' }) +
      app('far', { ports: 'name: tls, port: 443' }) +
      entry('*.depot.test', 'number: 443, name: tls, protocol: TLS', 'NONE') +
      virtualService(
        'one',
        `{hosts: ["*.depot.test"], tls: [{match: [{sniHosts: [one.depot.test]}], ${to(
          'out',
        )}}]}`,
        on('2023-05-01'),
      ) +
      virtualService(
        'two',
        `{hosts: ["*.depot.test"], tls: [{match: [{sniHosts: [two.depot.test]}], ${to(
          'far',
        )}}]}`,
        on('2023-06-01'),
      ),
    ask: call('tls://two.depot.test:443'),
    answer: ['far-v1'],
  },
  {
    report: 85,
    name: 'the older of two counts, though it delegates',
    objects:
      BOTH +
      virtualService(
        'root',
        '{hosts: [desk], http: [{delegate: {name: part}}]}',
        on('2023-05-01'),
      ) +
      virtualService('part', `{http: [{${to('lamp')}}]}`) +
      virtualService(
        'plain',
        `{hosts: [desk], http: [${under('/q', 'desk')}]}`,
        on('2023-06-01'),
      ),
    ask: call('http://desk:80/q'),
    answer: ['lamp-v1'],
  },
  ...['/pages/7', '/'].map(
    (path): Report => ({
      report: 86,
      name: `a delegate twice, for one path and for the rest, has its own matches: ${path}`,
      objects:
        DESK +
        http(
          '{match: [{uri: {exact: /}}], delegate: {name: part}}, {delegate: {name: part}}',
        ) +
        virtualService(
          'part',
          `{http: [{match: [{uri: {exact: /}}, {uri: {prefix: /pages}}], ${to(
            'desk',
          )}}]}`,
        ),
      ask: call(`http://desk:80${path}`),
      answer: ['desk-v1', 'desk-v2'],
    }),
  ),
  {
    report: 97,
    name: 'ignoreUriCase says nothing of a regex',
    objects:
      BOTH +
      http(
        `{match: [{uri: {regex: /plan}, ignoreUriCase: true}], ${to(
          'lamp',
        )}}, {${to('desk')}}`,
      ),
    ask: call('http://desk:80/PLAN'),
    answer: ['desk-v1', 'desk-v2'],
  },
  {
    report: 98,
    name: 'a query parameter is compared as it was sent',
    objects:
      BOTH +
      http(
        `{match: [{queryParams: {who: {exact: "me@depot.test"}}}], ${to(
          'lamp',
        )}}, {${to('desk')}}`,
      ),
    ask: call('http://desk:80/?who=me%40depot.test'),
    answer: ['desk-v1', 'desk-v2'],
  },
  {
    report: 130,
    name: 'a destination of type ExternalName is the Service that it names',
    objects:
      BOTH +
      object(
        'Service',
        'nova/alias',
        `{type: ExternalName, externalName: lamp.nova.svc.cluster.local, ports: [{name: http, port: 80}]}`,
      ) +
      http(`{${to('alias')}}`),
    ask: call('http://desk:80/'),
    answer: ['lamp-v1'],
  },
  {
    report: 149,
    name: '… and none where that is no host of the mesh',
    objects:
      DESK +
      object(
        'Service',
        'nova/alias',
        `{type: ExternalName, externalName: db.depot.test, ports: [{name: http, port: 80}]}`,
      ) +
      http(`{${to('alias')}}`),
    ask: call('http://desk:80/'),
    answer: ['503'],
  },
  {
    report: 131,
    name: 'a Service without a selector has the endpoints that are written for it',
    objects:
      DESK +
      object('Service', 'nova/mainframe', '{ports: [{name: http, port: 80}]}') +
      object(
        'EndpointSlice',
        'nova/mainframe-1',
        `ports: [{name: http, port: 80}]
endpoints: [{addresses: [10.4.0.1], conditions: {ready: true}}]`,
        ', labels: {kubernetes.io/service-name: mainframe}',
      ) +
      http(`{${to('mainframe')}}`),
    ask: call('http://desk:80/'),
    answer: ['leaves for mainframe.nova.svc.cluster.local:80'],
  },
  {
    report: 133,
    name: 'a subset of an outside host that no DestinationRule has',
    objects:
      entry('api.depot.test', HTTP_80) +
      http(`{${to('api.depot.test', ', subset: north')}}`, 'api.depot.test'),
    ask: call('http://api.depot.test:80/'),
    answer: ['503'],
  },
  {
    report: 134,
    name: 'a port that the destination has not',
    objects: DESK + http(`{${to('desk', ', port: {number: 8099}')}}`),
    ask: call('http://desk:80/'),
    answer: ['503'],
  },
  {
    report: 134,
    name: '… is a finding, too',
    objects: DESK + http(`{${to('desk', ', port: {number: 8099}')}}`),
    ask: problems('IST0101'),
    answer: ['IST0101 VirtualService nova/desk'],
  },
  {
    report: 136,
    name: 'the mesh switches retries off for rules that say nothing of them',
    objects:
      mesh('defaultHttpRetryPolicy: {attempts: 0}') +
      DESK +
      http(`{${to('desk')}}`),
    ask: routes(DESK_HOST),
    answer: ['everything → desk.nova; never retries'],
  },
  {
    report: 143,
    name: 'two subsets with the same labels have the same pods',
    objects:
      DESK +
      destinationRule(
        'desk',
        '{host: desk, subsets: [{name: now, labels: {version: v2}}, {name: next, labels: {version: v2}}]}',
      ) +
      http(
        '{route: [{destination: {host: desk, subset: now}, weight: 90}, {destination: {host: desk, subset: next}, weight: 10}]}',
      ),
    ask: call('http://desk:80/'),
    answer: ['desk-v2', 'desk-v2'],
  },
  {
    report: 152,
    name: 'a subset without labels has all pods',
    objects:
      DESK +
      destinationRule('desk', '{host: desk, subsets: [{name: any}]}') +
      http(`{${to('desk', ', subset: any')}}`),
    ask: call('http://desk:80/'),
    answer: ['desk-v1', 'desk-v2'],
  },
  {
    report: 154,
    name: 'TCP rules are not looked at on a TLS port',
    objects:
      app('desk', { ports: 'name: https, port: 443' }) +
      app('lamp', { ports: 'name: https, port: 443' }) +
      virtualService(
        'desk',
        `{hosts: [desk], tcp: [{match: [{port: 443}], ${to('lamp')}}]}`,
      ),
    ask: call('tls://desk:443'),
    answer: ['desk-v1'],
  },
  {
    report: 155,
    name: 'TLS rules are not looked at on a TCP port',
    objects:
      app('desk', { ports: 'name: tcp, port: 6000' }) +
      app('lamp', { ports: 'name: tcp, port: 6000' }) +
      virtualService(
        'desk',
        `{hosts: [desk], tls: [{match: [{port: 6000, sniHosts: [${DESK_HOST}]}], ${to(
          'lamp',
        )}}]}`,
      ),
    ask: call('tcp://desk:6000'),
    answer: ['desk-v1'],
  },
  {
    report: 158,
    name: 'HTTP rules are not looked at on an HTTPS port',
    objects:
      app('lamp', { ports: 'name: https, port: 443' }) +
      entry('api.depot.test', 'number: 443, name: https, protocol: HTTPS') +
      http(
        `{match: [{headers: {who: {regex: m.*}}}], ${to('lamp')}}, {${to(
          'api.depot.test',
        )}}`,
        'api.depot.test',
      ),
    ask: call('tls://api.depot.test:443'),
    answer: ['leaves for api.depot.test:443'],
  },
  {
    name: 'on the port of MySQL the server speaks first, so there are no requests',
    objects:
      app('desk', { ports: 'port: 3306' }) +
      app('lamp', { ports: 'port: 3306' }) +
      http(`{${to('lamp')}}`),
    ask: call('tcp://desk:3306'),
    answer: ['desk-v1'],
  },
  {
    name: 'an outside host of type STATIC without endpoints answers nobody',
    objects: entry('db.depot.test', HTTP_80, 'STATIC'),
    ask: call('http://db.depot.test:80/'),
    answer: ['503'],
  },
  {
    name: 'an outside host found by DNS has no labels, so a subset with labels is empty',
    objects:
      entry('api.depot.test', HTTP_80) +
      destinationRule(
        'api',
        '{host: api.depot.test, subsets: [{name: north, labels: {region: n}}]}',
      ) +
      http(`{${to('api.depot.test', ', subset: north')}}`, 'api.depot.test'),
    ask: call('http://api.depot.test:80/'),
    answer: ['503'],
  },
  {
    name: '… and one with endpoints has theirs',
    objects:
      object(
        'ServiceEntry',
        'nova/api',
        `{hosts: [api.depot.test], ports: [{${HTTP_80}}], resolution: STATIC, endpoints: [{address: 10.4.0.1, labels: {region: n}}]}`,
      ) +
      destinationRule(
        'api',
        '{host: api.depot.test, subsets: [{name: north, labels: {region: n}}]}',
      ) +
      http(`{${to('api.depot.test', ', subset: north')}}`, 'api.depot.test'),
    ask: call('http://api.depot.test:80/'),
    answer: ['leaves for api.depot.test:80'],
  },
  {
    name: 'a redirect puts another prefix in the place of the one that the match names',
    objects:
      DESK +
      http('{match: [{uri: {prefix: /v1}}], redirect: {prefixRewrite: /v2}}'),
    ask: call('http://desk:80/v1/jobs?q=1'),
    answer: ['301 http://desk/v2/jobs?q=1'],
  },
  {
    name: '… and leaves the slashes where the two meet',
    objects:
      DESK +
      http('{match: [{uri: {prefix: /v1}}], redirect: {prefixRewrite: /}}'),
    ask: call('http://desk:80/v1/jobs'),
    answer: ['301 http://desk//jobs'],
  },
  {
    name: 'a caller without a proxy comes to nobody where no pod is ready',
    objects:
      app('desk', { versions: [] }) +
      deployment('bare', { namespace: 'nova', sidecar: false }),
    ask: call('http://desk:80/', { from: 'nova/bare' }),
    answer: ['closed'],
  },
  ...(
    [
      ['DNS', 'leaves for api.depot.test:8080'],
      ['NONE', '503'],
    ] as const
  ).map(
    ([resolution, answer]): Report => ({
      name: `two ServiceEntries of a host have their ports together where they resolve alike: ${resolution}`,
      objects:
        mesh('outboundTrafficPolicy: {mode: REGISTRY_ONLY}') +
        app('lamp', { ports: 'name: http, port: 8080' }) +
        object(
          'ServiceEntry',
          'nova/one',
          `{hosts: [api.depot.test], ports: [{${HTTP_80}}], resolution: DNS}`,
          on('2023-05-01'),
        ) +
        object(
          'ServiceEntry',
          'nova/two',
          `{hosts: [api.depot.test], ports: [{number: 8080, name: http, protocol: HTTP}], resolution: ${resolution}}`,
          on('2023-06-01'),
        ),
      ask: call('http://api.depot.test:8080/'),
      answer: [answer],
    }),
  ),
  ...(
    [
      ['another port', 'number: 81, name: http, protocol: HTTP', '302'],
      ['this port', HTTP_80, 'leaves for q.depot.test:80'],
    ] as const
  ).map(
    ([where, port, answer]): Report => ({
      name: `a wildcard is for a host that is registered on the port, if any is: on ${where}`,
      objects:
        DESK +
        entry('r.depot.test', port) +
        virtualService(
          'any',
          '{hosts: ["*.depot.test"], http: [{redirect: {uri: /gone, redirectCode: 302}}]}',
        ),
      ask: set =>
        call('http://q.depot.test:80/')(set, '').map(said =>
          said.replace(/ http.*/, ''),
        ),
      answer: [answer],
    }),
  ),
];
