import {
  type Case,
  object,
  on,
  to,
  entry,
  foretold,
} from './__testUtils__/askedCases';

const CASES: Case[] = [
  {
    name: 'of wildcards only the first is bound to a host, even where it has no rule for the caller',
    objects:
      object(
        'VirtualService',
        'nova/old',
        `{hosts: ["*.nova.svc.cluster.local"], http: [{match: [{sourceLabels: {app: x}}], ${to(
          'b',
        )}}]}`,
        on('2024-01-01'),
      ) +
      object(
        'VirtualService',
        'nova/young',
        `{hosts: ["*.nova.svc.cluster.local"], http: [{match: [{sourceLabels: {app: client}}], ${to(
          'b',
        )}}]}`,
        on('2024-02-01'),
      ),
    ask: 'a:80/',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: 'a host that nobody registered has the rules of its VirtualService on port 80',
    objects: object(
      'VirtualService',
      'nova/own',
      `{hosts: [own.test], http: [{match: [{uri: {prefix: /a}}], ${to('a')}}]}`,
    ),
    ask: 'own.test:80/a',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: '… and nothing else',
    objects: object(
      'VirtualService',
      'nova/own',
      `{hosts: [own.test], http: [{match: [{uri: {prefix: /a}}], ${to('a')}}]}`,
    ),
    ask: 'own.test:80/other',
    expected: ['404'],
  },
  {
    name: 'a rule whose matches name other namespaces brings nothing, even beside a match that takes everybody',
    objects:
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a], http: [{match: [{sourceNamespace: other}, {}], ${to(
          'b',
        )}}]}`,
      ) +
      object(
        'Sidecar',
        'nova/own',
        '{egress: [{hosts: ["./a.nova.svc.cluster.local"]}]}',
      ),
    ask: 'a:80/',
    expected: ['503'],
  },
  {
    name: 'a wildcard is for hosts that nobody registered on that port',
    objects:
      object(
        'ServiceEntry',
        'nova/entry',
        '{hosts: [x.entry.test], ports: [{number: 81, name: http, protocol: HTTP}], resolution: DNS}',
      ) +
      object(
        'VirtualService',
        'nova/own',
        `{hosts: ["*.entry.test"], http: [{${to('a')}}]}`,
      ),
    ask: 'x.entry.test:80/',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: '… nor exported to the caller',
    objects:
      object(
        'ServiceEntry',
        'other/entry',
        '{hosts: [x.entry.test], exportTo: ["."], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}',
      ) +
      object(
        'VirtualService',
        'nova/own',
        `{hosts: ["*.entry.test"], http: [{${to('a')}}]}`,
      ),
    ask: 'x.entry.test:80/',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: 'of several ServiceEntries of a host one for the caller by name decides, however old others are, and has no port of theirs',
    objects:
      entry(
        'nova/old',
        '{hosts: [x.entry.test], PORT, resolution: DNS}',
        80,
        on('2024-01-01'),
      ) +
      entry(
        'nova/young',
        '{hosts: [x.entry.test], exportTo: [other], PORT, resolution: DNS}',
        81,
        on('2024-02-01'),
      ),
    from: 'other/client',
    ask: 'x.entry.test:80/',
    expected: ['503'],
  },
  {
    name: '… and in its own namespace the oldest, which has endpoints of the others by the names of their ports',
    objects:
      entry(
        'nova/old',
        '{hosts: [x.entry.test], PORT, resolution: STATIC}',
        80,
        on('2024-01-01'),
      ) +
      entry(
        'nova/young',
        '{hosts: [x.entry.test], PORT, resolution: STATIC, endpoints: [{address: 10.9.9.9}]}',
        80,
        on('2024-02-01'),
      ),
    ask: 'x.entry.test:80/',
    expected: ['x.entry.test'],
  },
  {
    name: '… but none by name where nobody looks names up',
    objects:
      entry(
        'nova/old',
        '{hosts: [x.entry.test], PORT, resolution: STATIC}',
        80,
        on('2024-01-01'),
      ) +
      entry(
        'nova/young',
        '{hosts: [x.entry.test], PORT, resolution: DNS}',
        80,
        on('2024-02-01'),
      ),
    ask: 'x.entry.test:80/',
    expected: ['503'],
  },
  {
    name: 'a wildcard has the ports that the exact host has not',
    objects:
      entry(
        'nova/exact',
        '{hosts: [x.entry.test], PORT, resolution: STATIC}',
        81,
      ) +
      entry(
        'nova/wild',
        '{hosts: ["*.entry.test"], PORT, resolution: STATIC, endpoints: [{address: 10.9.9.9}]}',
        80,
      ),
    ask: 'x.entry.test:80/',
    expected: ['x.entry.test'],
  },
  {
    name: 'a port that only another namespace has for a host is nobody’s, where the caller’s own has the host',
    objects:
      entry('nova/own', '{hosts: [x.entry.test], PORT, resolution: DNS}', 81) +
      entry('other/all', '{hosts: [x.entry.test], PORT, resolution: DNS}', 80) +
      object(
        'Sidecar',
        'nova/own',
        '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, egress: [{hosts: ["*/*"]}]}',
      ),
    ask: 'x.entry.test:80/',
    expected: ['502'],
  },
  {
    name: '… and not to callers of a third namespace',
    objects:
      object(
        'ServiceEntry',
        'nova/entry',
        '{hosts: [x.entry.test], exportTo: [elsewhere], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}',
      ) +
      object(
        'VirtualService',
        'nova/own',
        `{hosts: [own.test], http: [{${to('x.entry.test')}}]}`,
      ),
    from: 'other/client',
    ask: 'own.test:80/',
    expected: ['503'],
  },
  {
    name: 'an HTTPRoute for callers of another namespace hides wildcards, too',
    objects:
      object(
        'VirtualService',
        'nova/all',
        `{hosts: ["*.nova.svc.cluster.local"], http: [{${to('b')}}]}`,
      ) +
      object(
        'HTTPRoute',
        'other/a',
        '{parentRefs: [{group: "", kind: Service, name: a, namespace: nova}], rules: [{backendRefs: [{name: none, port: 80}]}]}',
      ),
    ask: 'a:80/',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: 'a port that the destination does not have',
    objects: object(
      'VirtualService',
      'nova/a',
      `{hosts: [a], http: [{${to('b', ', port: {number: 8443}')}}]}`,
    ),
    ask: 'a:80/',
    expected: ['503'],
  },
];

describe('foretellCall, of what people asked about hosts, wildcards and ServiceEntries', () => {
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
