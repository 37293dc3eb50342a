import {
  type Case,
  object,
  on,
  to,
  EDGE,
  web,
  http,
  foretold,
} from './__testUtils__/askedCases';

const CASES: Case[] = [
  {
    name: 'a gateway does not see what is exported to another namespace alone',
    objects:
      web(http('*')) +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a.test], gateways: [edge/web], exportTo: ["."], http: [{${to(
          'a',
        )}}]}`,
      ),
    from: 'gateway',
    ask: 'a.test:80/',
    expected: ['404'],
  },
  {
    name: 'a match that names gateways does not ask for the caller’s labels',
    objects: object(
      'VirtualService',
      'nova/a',
      `{hosts: [a], http: [{match: [{gateways: [mesh], sourceLabels: {x: y}}], ${to(
        'b',
      )}}, {${to('a')}}]}`,
    ),
    ask: 'a:80/',
    expected: ['b-v1', 'b-v2'],
  },
  {
    name: 'all VirtualServices that meet a server’s host in the same name share it',
    objects:
      web(http('a.test')) +
      object(
        'VirtualService',
        'nova/any',
        `{hosts: ["*"], gateways: [edge/web], http: [{match: [{uri: {prefix: /b}}], ${to(
          'b',
        )}}]}`,
        on('2024-01-01'),
      ) +
      object(
        'VirtualService',
        'nova/one',
        `{hosts: [a.test], gateways: [edge/web], http: [{match: [{uri: {prefix: /a}}], ${to(
          'a',
        )}}]}`,
        on('2024-02-01'),
      ),
    from: 'gateway',
    ask: 'a.test:80/b',
    expected: ['b-v1', 'b-v2'],
  },
  {
    name: 'a server that redirects does so before any rule',
    objects:
      web(
        http('a.test').replace(
          '}, hosts',
          '}, tls: {httpsRedirect: true}, hosts',
        ),
      ) +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a.test], gateways: [edge/web], http: [{${to('a')}}]}`,
      ),
    from: 'gateway',
    ask: 'a.test:80/',
    expected: ['301'],
  },
  {
    name: '… and for a host whose rules are for another port',
    objects:
      web(
        http('a.test').replace(
          '}, hosts',
          '}, tls: {httpsRedirect: true}, hosts',
        ),
      ) +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a.test], gateways: [edge/web], http: [{match: [{port: 443}], ${to(
          'a',
        )}}]}`,
      ),
    from: 'gateway',
    ask: 'a.test:80/',
    expected: ['301'],
  },
  {
    name: 'a gateway knows the DestinationRules of the namespace of its pods, not of its Gateway',
    objects: `${EDGE}
${object(
  'Gateway',
  'team/web',
  `{selector: {istio: edge}, servers: [${http('*')}]}`,
)}${object(
      'DestinationRule',
      'team/a',
      '{host: a.nova.svc.cluster.local, subsets: [{name: v1, labels: {version: v1}}]}',
    )}${object(
      'VirtualService',
      'team/a',
      `{hosts: [a.test], gateways: [web], http: [{${to(
        'a.nova.svc.cluster.local',
        ', subset: v1',
      )}}]}`,
    )}`,
    from: 'gateway team/web',
    ask: 'a.test:80/',
    expected: ['503'],
  },
  {
    name: 'a gateway has the VirtualServices of its own namespace first',
    objects:
      web(http('*')) +
      object(
        'VirtualService',
        'nova/public',
        `{hosts: [a.test], gateways: [edge/web], http: [{match: [{uri: {prefix: /a}}], ${to(
          'a',
        )}}]}`,
        on('2024-01-01'),
      ) +
      object(
        'VirtualService',
        'edge/own',
        `{hosts: [a.test], gateways: [web], exportTo: ["."], http: [{match: [{uri: {prefix: /a}}], ${to(
          'b.nova.svc.cluster.local',
        )}}]}`,
        on('2024-02-01'),
      ),
    from: 'gateway',
    ask: 'a.test:80/a',
    expected: ['b-v1', 'b-v2'],
  },
  {
    name: 'TLS that a gateway passes on goes by the names of the rules, also such as the server has not',
    objects:
      web(
        '{port: {number: 443, name: tls, protocol: TLS}, hosts: [a.test], tls: {mode: PASSTHROUGH}}',
      ) +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a.test, b.test], gateways: [edge/web], tls: [{match: [{sniHosts: [b.test]}], ${to(
          'a',
          ', port: {number: 80}',
        )}}]}`,
      ),
    from: 'gateway',
    ask: 'b.test:443',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: 'TLS that a gateway ends is not routed by TLS rules',
    objects:
      web(
        '{port: {number: 443, name: tls, protocol: TLS}, hosts: [a.test], tls: {mode: SIMPLE, credentialName: c}}',
      ) +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a.test], gateways: [edge/web], tls: [{match: [{sniHosts: [a.test]}], ${to(
          'a',
        )}}]}`,
      ),
    from: 'gateway',
    ask: 'a.test:443',
    expected: ['closed'],
  },
  {
    name: 'a gateway asks its own policies before it looks for a rule',
    objects: `${web(http('*'))}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: none, namespace: edge}
spec: {}
---
`,
    from: 'gateway',
    ask: 'a.test:80/',
    expected: ['403'],
  },
];

describe('foretellCall, of what people asked about gateways', () => {
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
