import { deployment } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';

interface Case {
  name: string;
  objects: string;
  /** `NAMESPACE/NAME` of the caller's workload; `gateway` for a call through Gateway `edge/web`. */
  from?: string;
  /** METHOD-less request: host, port, path and headers. */
  ask: string;
  headers?: Record<string, string>;
  expected: string[];
  /** The port of the pods, where it matters. */
  reached?: number;
}

const app = (name: string, namespace = 'nova', ports = 'http: 80') => {
  const [portName, port] = ports.split(': ');
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: ${portName}, port: ${port}}]}
---${deployment(`${name}-v1`, { app: name, version: 'v1', namespace })}
${deployment(`${name}-v2`, { app: name, version: 'v2', namespace })}
`;
};
const object = (
  kind: string,
  id: string,
  spec: string,
  more = '',
) => `apiVersion: ${
  kind === 'HTTPRoute' || kind.startsWith('gateway.')
    ? 'gateway.networking.k8s.io'
    : 'networking.istio.io'
}/v1
kind: ${kind}
metadata: {name: ${id.split('/')[1]}, namespace: ${id.split('/')[0]}${more}}
spec: ${spec}
---
`;
const on = (date: string) => `, creationTimestamp: "${date}T00:00:00Z"`;
const to = (host: string, more = '') =>
  `route: [{destination: {host: ${host}${more}}}]`;
const EDGE = deployment('edge', { namespace: 'edge' }).replace(
  /app: edge/g,
  'istio: edge, app: edge',
);
const web = (servers: string) =>
  `${EDGE}\n${object(
    'Gateway',
    'edge/web',
    `{selector: {istio: edge}, servers: [${servers}]}`,
  )}`;
const http = (...hosts: string[]) =>
  `{port: {number: 80, name: http, protocol: HTTP}, hosts: [${hosts
    .map(host => `"${host}"`)
    .join()}]}`;

const ALIAS = `apiVersion: v1
kind: Service
metadata: {name: alias, namespace: nova}
spec: {type: ExternalName, externalName: b.nova.svc.cluster.local, ports: [{name: http, port: 80}]}
---
`;

const entry = (id: string, spec: string, port: number, more = '') =>
  object(
    'ServiceEntry',
    id,
    spec.replace(
      'PORT',
      `ports: [{number: ${port}, name: http-${port}, protocol: HTTP}]`,
    ),
    more,
  );

/** Of `b` the Sidecar imports rules of another namespace, and not the Service. */
const LEFT_OUT =
  object(
    'VirtualService',
    'other/b',
    `{hosts: [b.nova.svc.cluster.local], http: [{${to(
      'a.nova.svc.cluster.local',
    )}}]}`,
  ) +
  object(
    'Sidecar',
    'nova/own',
    '{outboundTrafficPolicy: {mode: ALLOW_ANY}, egress: [{hosts: ["other/*", "./a.nova.svc.cluster.local"]}]}',
  );

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
    name: 'a port of which one listener of a Sidecar imports nothing, and another does, takes requests and answers them',
    objects: object(
      'Sidecar',
      'nova/own',
      '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, egress: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["other/*"]}, {hosts: ["./*"]}]}',
    ),
    ask: 'a:80/',
    expected: ['502'],
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

const protocolOf = (port: string, path: string) => {
  const greeted = port === '443' ? 'tls' : 'tcp';
  return path ? 'http' : greeted;
};

describe('foretellCall, of what people asked in public', () => {
  it.each(CASES)(
    '$name',
    ({ objects, from, ask, headers, expected, reached }) => {
      const set = setFromYaml(
        [
          app('a'),
          app('b'),
          deployment('client', { namespace: 'nova' }),
          deployment('client', { namespace: 'other' }),
          objects,
        ].join('\n'),
      );
      const [, host, port, path] = /^([^:]+):(\d+)(.*)$/.exec(ask)!;
      const [place, name] = (from ?? 'nova/client').split('/');
      const gateway = from?.startsWith('gateway')
        ? {
            name: from.split(' ')[1] ?? 'edge/web',
            workload: findWorkload(set, 'edge', 'edge')!,
          }
        : undefined;
      const outcomes = foretellCall(set, {
        protocol: protocolOf(port, path),
        from: findWorkload(
          set,
          gateway ? 'nova' : place,
          gateway ? 'client' : name,
        )!,
        gateway,
        host,
        port: Number(port),
        path: path || undefined,
        headers,
      });
      const said = outcomes.map(outcome => {
        switch (outcome.type) {
          case 'answered':
            return String(outcome.status);
          case 'reaches': {
            const pod = outcome.pod.replace(/^.*\/|-abc12-xyz$/g, '');
            return outcome.path === (path || '/')
              ? pod
              : `${pod} ${outcome.path}`;
          }
          case 'leaves':
            return outcome.host;
          default:
            return 'closed';
        }
      });
      expect(said).toEqual(expected);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject(
          reached === undefined ? {} : { port: reached },
        );
      }
    },
  );
});
