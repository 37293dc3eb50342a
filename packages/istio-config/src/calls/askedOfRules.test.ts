import {
  type Case,
  app,
  object,
  on,
  to,
  web,
  http,
  foretold,
} from './__testUtils__/askedCases';

const CASES: Case[] = [
  {
    name: 'without a header, whatever it says: a request that has it is not taken',
    objects: object(
      'VirtualService',
      'nova/a',
      `{hosts: [a], http: [{match: [{withoutHeaders: {x-user: {regex: "*"}}}], directResponse: {status: 403}}, {${to(
        'a',
      )}}]}`,
    ),
    ask: 'a:80/',
    headers: { 'x-user': 'anna' },
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: 'without a header that may be empty: one that is not there counts as empty',
    objects: object(
      'VirtualService',
      'nova/a',
      `{hosts: [a], http: [{match: [{withoutHeaders: {x-user: {regex: ".*"}}}], directResponse: {status: 403}}, {${to(
        'a',
      )}}]}`,
    ),
    ask: 'a:80/',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: 'the host is a header, too',
    objects:
      web(http('*')) +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: ["*"], gateways: [edge/web], http: [{match: [{headers: {":authority": {exact: a.test}}}], ${to(
          'a',
        )}}]}`,
      ),
    from: 'gateway',
    ask: 'a.test:80/',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: 'an abort with a gRPC status',
    objects: object(
      'VirtualService',
      'nova/a',
      `{hosts: [a], http: [{fault: {abort: {grpcStatus: UNAVAILABLE, percentage: {value: 100}}}, ${to(
        'a',
      )}}]}`,
    ),
    ask: 'a:80/',
    expected: ['200'],
  },
  {
    name: 'DestinationRules of unequal exportTo stay apart, and the last counts',
    objects:
      object(
        'DestinationRule',
        'nova/old',
        '{host: a, exportTo: ["."], subsets: [{name: v1, labels: {version: v1}}]}',
        on('2024-01-01'),
      ) +
      object(
        'DestinationRule',
        'nova/young',
        '{host: a, exportTo: ["*"], subsets: [{name: v2, labels: {version: v2}}]}',
        on('2024-02-01'),
      ) +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a], http: [{${to('a', ', subset: v1')}}]}`,
      ),
    ask: 'a:80/',
    expected: ['503'],
  },
  {
    name: 'a DestinationRule that is not exported hides the less specific ones',
    objects:
      object('DestinationRule', 'nova/exact', '{host: a, exportTo: [team]}') +
      object(
        'DestinationRule',
        'nova/wild',
        '{host: "*.nova.svc.cluster.local", subsets: [{name: v1, labels: {version: v1}}]}',
      ) +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a], http: [{${to('a', ', subset: v1')}}]}`,
      ),
    from: 'other/client',
    ask: 'a.nova:80/',
    expected: ['503'],
  },
  {
    name: 'a DestinationRule for single workloads counts for them alone',
    objects:
      object(
        'DestinationRule',
        'nova/own',
        '{host: a, workloadSelector: {matchLabels: {app: client}}, subsets: [{name: v1, labels: {version: v1}}]}',
      ) +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a], http: [{${to('a', ', subset: v1')}}]}`,
      ),
    ask: 'a:80/',
    expected: ['a-v1'],
  },
  {
    name: 'a query parameter is compared as it was sent',
    objects: object(
      'VirtualService',
      'nova/a',
      `{hosts: [a], http: [{match: [{queryParams: {mail: {exact: "a@b"}}}], ${to(
        'b',
      )}}, {${to('a')}}]}`,
    ),
    ask: 'a:80/?mail=a%40b',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: 'TCP rules are not for a TLS port',
    objects:
      app('s', 'nova', 'https: 443') +
      object(
        'VirtualService',
        'nova/s',
        `{hosts: [s], tcp: [{match: [{port: 443}], ${to('a')}}]}`,
      ),
    ask: 's:443',
    expected: ['s-v1', 's-v2'],
  },
  {
    name: 'TLS rules are not for a TCP port',
    objects:
      app('s', 'nova', 'tcp: 5432') +
      object(
        'VirtualService',
        'nova/s',
        `{hosts: [s], tls: [{match: [{port: 5432, sniHosts: [s.nova.svc.cluster.local]}], ${to(
          'a',
        )}}]}`,
      ),
    ask: 's:5432',
    expected: ['s-v1', 's-v2'],
  },
  {
    name: 'TLS rules of all VirtualServices for a host hold, each for its own name',
    objects:
      app('s', 'nova', 'tls: 443') +
      object(
        'VirtualService',
        'nova/old',
        `{hosts: ["*.nova.svc.cluster.local"], tls: [{match: [{sniHosts: [other.test]}], ${to(
          'a',
          ', port: {number: 80}',
        )}}]}`,
        on('2024-01-01'),
      ) +
      object(
        'VirtualService',
        'nova/young',
        `{hosts: ["*.nova.svc.cluster.local"], tls: [{match: [{sniHosts: [s.nova.svc.cluster.local]}], ${to(
          'b',
          ', port: {number: 80}',
        )}}]}`,
        on('2024-02-01'),
      ),
    ask: 's.nova.svc.cluster.local:443',
    expected: ['b-v1', 'b-v2'],
  },
  {
    name: 'a rewrite replaces what the match names, and no prefix of another match',
    objects: object(
      'VirtualService',
      'nova/a',
      `{hosts: [a], http: [{rewrite: {uri: /new}, ${to('a')}}]}`,
    ),
    ask: 'a:80/x?y=z',
    expected: ['a-v1 /newx?y=z', 'a-v2 /newx?y=z'],
  },
];

describe('foretellCall, of what people asked about rules and DestinationRules', () => {
  it.each(CASES)('$name', asked => {
    const { said, outcomes } = foretold(asked);
    expect(said).toEqual(asked.expected);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject(
        asked.reached === undefined ? {} : { port: asked.reached },
      );
    }
  });
});
