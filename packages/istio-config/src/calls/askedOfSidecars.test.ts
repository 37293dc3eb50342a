import {
  type Case,
  app,
  object,
  to,
  web,
  http,
  ALIAS,
  LEFT_OUT,
  foretold,
} from './__testUtils__/askedCases';

const CASES: Case[] = [
  {
    name: 'an ExternalName is another name for a Service of the mesh',
    objects:
      ALIAS +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a], http: [{${to('alias')}}]}`,
      ),
    ask: 'a:80/',
    expected: ['b-v1', 'b-v2'],
  },
  {
    name: '… on its only port, whichever a gateway was asked on',
    objects: `${
      web(http('*').replace('80', '8080')) +
      ALIAS +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a.test], gateways: [edge/web], http: [{${to(
          'alias.nova.svc.cluster.local',
        )}}]}`,
      )
    }apiVersion: v1
kind: Service
metadata: {name: b, namespace: nova}
spec: {selector: {app: a}, ports: [{name: http, port: 80}, {name: http-alt, port: 8080, targetPort: 1}]}
---
`,
    from: 'gateway',
    ask: 'a.test:8080/',
    expected: ['a-v1', 'a-v2'],
    reached: 80,
  },
  {
    name: '… that a Sidecar has to import under its own name',
    objects:
      ALIAS +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a], http: [{${to('alias')}}]}`,
      ) +
      object(
        'Sidecar',
        'nova/own',
        '{egress: [{hosts: ["./a.nova.svc.cluster.local", "./alias.nova.svc.cluster.local"]}]}',
      ),
    ask: 'a:80/',
    expected: ['503'],
  },
  {
    name: '… and that a Sidecar does not know so where a VirtualService alone leads to it',
    objects:
      ALIAS +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a], http: [{match: [{uri: {exact: /x}}], ${to(
          'b',
          ', port: {number: 80}',
        )}}, {${to('alias')}}]}`,
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
    name: '… but does where it imports both',
    objects:
      ALIAS +
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a], http: [{${to('alias')}}]}`,
      ) +
      object('Sidecar', 'nova/own', '{egress: [{hosts: ["./*"]}]}'),
    ask: 'a:80/',
    expected: ['b-v1', 'b-v2'],
  },
  {
    name: 'a listener of a Sidecar with a port of its own brings no other port',
    objects:
      object(
        'VirtualService',
        'nova/a',
        `{hosts: [a], http: [{${to('c', ', port: {number: 81}')}}]}`,
      ) +
      app('c', 'nova', 'http: 81') +
      object(
        'Sidecar',
        'nova/own',
        '{egress: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["./*"]}, {hosts: ["other/*"]}]}',
      ),
    ask: 'a:80/',
    expected: ['503'],
  },
  {
    name: 'a Service that a Sidecar leaves out keeps the rules that it does not leave out, on port 80',
    objects: LEFT_OUT,
    ask: 'b.nova.svc.cluster.local:80/',
    expected: ['a-v1', 'a-v2'],
  },
  {
    name: '… under its whole name alone',
    objects: LEFT_OUT,
    ask: 'b.nova:80/',
    expected: ['b-v1', 'b-v2'],
  },
  {
    name: 'a host of the caller’s own namespace that is exported to others alone, where a rule leads there',
    objects:
      object(
        'ServiceEntry',
        'nova/entry',
        '{hosts: [x.entry.test], exportTo: [other], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}',
      ) +
      object(
        'VirtualService',
        'other/own',
        `{hosts: [own.test], http: [{${to('x.entry.test')}}]}`,
      ),
    ask: 'own.test:80/',
    expected: ['x.entry.test'],
  },
  {
    name: '… and of a Service, on the port that the rule names',
    objects: `${app('c', 'nova', 'http: 80').replace(
      'namespace: nova',
      'namespace: nova, annotations: {networking.istio.io/exportTo: other}',
    )}${object(
      'VirtualService',
      'other/own',
      `{hosts: [own.test], http: [{${to(
        'c.nova.svc.cluster.local',
        ', port: {number: 80}',
      )}}]}`,
    )}`,
    ask: 'own.test:80/',
    expected: ['c-v1', 'c-v2'],
  },
  {
    name: 'a port that a Service does not have, past its proxies',
    objects: object(
      'Sidecar',
      'nova/own',
      '{outboundTrafficPolicy: {mode: ALLOW_ANY}, egress: [{hosts: ["other/*"]}]}',
    ),
    ask: 'a:8443/',
    expected: ['closed'],
  },
  {
    name: 'a Service that is exported to nobody, past its proxies',
    objects: `${app('c').replace(
      'namespace: nova',
      'namespace: nova, annotations: {networking.istio.io/exportTo: "~"}',
    )}`,
    ask: 'c:80/',
    expected: ['c-v1', 'c-v2'],
  },
  {
    name: '… and where a VirtualService leads to it, nowhere',
    objects:
      app('c').replace(
        'namespace: nova',
        'namespace: nova, annotations: {networking.istio.io/exportTo: "~"}',
      ) +
      object(
        'VirtualService',
        'nova/lead',
        `{hosts: [c.nova.svc.cluster.local], http: [{${to(
          'c.nova.svc.cluster.local',
          ', port: {number: 80}',
        )}}]}`,
      ),
    ask: 'c.nova.svc.cluster.local:80/',
    expected: ['503'],
  },
  {
    name: 'a port of which one listener of a Sidecar imports nothing, and another does, takes requests and answers them',
    objects: object(
      'Sidecar',
      'nova/own',
      '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, egress: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["other/*"]}, {hosts: ["./*"]}]}',
    ),
    ask: 'a:80/',
    expected: ['502'],
  },
];

describe('foretellCall, of what people asked about Sidecars, aliases and who sees a Service', () => {
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
