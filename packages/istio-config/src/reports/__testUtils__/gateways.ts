import {
  app,
  AT_WEB,
  destinationRule,
  object,
  on,
  plain,
  to,
  under,
  virtualService,
  web,
} from './objects';
import { call, problems, type Report } from './questions';

const DESK = app('desk');
const BOTH = DESK + app('lamp');
const bound = (name: string, spec: string, metadata = '') =>
  virtualService(name, `{gateways: [edge/web], ${spec}}`, metadata);
const REDIRECTING = ', tls: {httpsRedirect: true}';
const gatewayApi = (rules: string) =>
  object(
    'gateway-api.Gateway',
    'edge/web',
    '{gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}',
  ) +
  web(plain('*')).split('\napiVersion: networking')[0] +
  object(
    'HTTPRoute',
    'nova/paths',
    `{parentRefs: [{name: web, namespace: edge}], rules: [${rules}]}`,
  );
const backend = (name: string, more = '') =>
  `backendRefs: [{name: ${name}, port: 80${more}}]`;

/** What gateways make of VirtualServices and HTTPRoutes. */
export const GATEWAYS: Report[] = [
  {
    report: 1,
    name: 'a gateway does not see what another namespace keeps to itself',
    objects:
      web(plain('*')) +
      DESK +
      bound(
        'desk',
        `hosts: [desk.depot.test], exportTo: ["."], http: [{${to('desk')}}]`,
      ),
    ask: call('http://desk.depot.test:80/', AT_WEB),
    answer: ['404'],
  },
  {
    report: 7,
    name: 'a gateway in one’s own namespace has no "./" before its name',
    objects:
      DESK +
      virtualService(
        'desk',
        `{hosts: [desk.depot.test], gateways: [./web], http: [{${to(
          'desk',
        )}}]}`,
      ),
    ask: problems('IST0106'),
    answer: ['IST0106 VirtualService nova/desk'],
  },
  {
    report: 8,
    name: 'a wildcard and a name that a server narrows to one host share it',
    objects:
      web(plain('one.depot.test')) +
      BOTH +
      bound('any', `hosts: ["*"], http: [${under('/lamps', 'lamp')}]`) +
      bound('one', `hosts: [one.depot.test], http: [${under('/d', 'desk')}]`),
    ask: call('http://one.depot.test:80/lamps', AT_WEB),
    answer: ['lamp-v1'],
  },
  {
    report: 10,
    name: 'a server that redirects does so before any rule',
    objects:
      web(plain('desk.depot.test', REDIRECTING)) +
      DESK +
      bound('desk', `hosts: [desk.depot.test], http: [{${to('desk')}}]`),
    ask: call('http://desk.depot.test:80/', AT_WEB),
    answer: ['301 https://desk.depot.test/'],
  },
  {
    report: 11,
    name: '… and where the rules are for another port',
    objects:
      web(plain('desk.depot.test', REDIRECTING)) +
      DESK +
      bound(
        'desk',
        `hosts: [desk.depot.test], http: [{match: [{port: 443}], ${to(
          'desk',
        )}}]`,
      ),
    ask: call('http://desk.depot.test:80/', AT_WEB),
    answer: ['301 https://desk.depot.test/'],
  },
  {
    report: 19,
    name: ':authority is a header',
    objects:
      web(plain('*')) +
      DESK +
      bound(
        'desk',
        `hosts: ["*"], http: [{match: [{headers: {":authority": {exact: desk.depot.test}}}], ${to(
          'desk',
        )}}]`,
      ),
    ask: call('http://desk.depot.test:80/', AT_WEB),
    answer: ['desk-v1'],
  },
  {
    report: 50,
    name: 'DestinationRules beside a Gateway object are not those of the pods that serve it',
    objects:
      web(plain('*')).replace(
        'namespace: edge}\nspec: {selector',
        'namespace: nova}\nspec: {selector',
      ) +
      app('desk', { namespace: 'store' }) +
      destinationRule(
        'desk',
        '{host: desk.store.svc.cluster.local, subsets: [{name: v1, labels: {version: v1}}]}',
      ) +
      virtualService(
        'desk',
        `{hosts: [desk.depot.test], gateways: [web], http: [{${to(
          'desk.store.svc.cluster.local',
          ', subset: v1',
        )}}]}`,
      ),
    ask: call('http://desk.depot.test:80/', { at: ['nova/web', 'edge/front'] }),
    answer: ['503'],
  },
  {
    report: 140,
    name: 'a gateway puts the rules that its own namespace keeps to itself before older ones',
    objects:
      web(plain('*')) +
      BOTH +
      bound(
        'old',
        `hosts: [desk.depot.test], http: [${under('/q', 'desk')}]`,
        on('2023-05-01'),
      ) +
      object(
        'VirtualService',
        'edge/own',
        `{exportTo: ["."], hosts: [desk.depot.test], gateways: [web], http: [${under(
          '/q',
          'lamp.nova.svc.cluster.local',
        )}]}`,
        on('2023-06-01'),
      ),
    ask: call('http://desk.depot.test:80/q', AT_WEB),
    answer: ['lamp-v1'],
  },
  {
    report: 151,
    name: 'the pods of a Gateway may be in another namespace',
    objects: web(plain('*')).replace(
      'namespace: edge}\nspec: {selector',
      'namespace: doors}\nspec: {selector',
    ),
    ask: problems('IST0101'),
    answer: [],
  },
  {
    report: 157,
    name: 'a server that opens TLS goes by TCP rules, not by TLS rules',
    objects:
      web(
        '{port: {number: 443, name: tls, protocol: TLS}, hosts: [desk.depot.test], tls: {mode: SIMPLE, credentialName: cert}}',
      ) +
      DESK +
      bound(
        'desk',
        `hosts: [desk.depot.test], tls: [{match: [{sniHosts: [desk.depot.test]}], ${to(
          'desk',
        )}}]`,
      ),
    ask: call('tls://desk.depot.test:443', AT_WEB),
    answer: ['closed'],
  },
  {
    report: 73,
    name: 'an HTTPRoute’s rule without matches has the path / and goes before a regex',
    objects:
      BOTH +
      gatewayApi(
        `{matches: [{path: {type: RegularExpression, value: "/(q|r).*"}}], ${backend(
          'desk',
        )}}, {${backend('lamp')}}`,
      ),
    ask: call('http://any.test:80/q', AT_WEB),
    answer: ['lamp-v1'],
  },
  {
    report: 74,
    name: 'an HTTPRoute’s prefix ends at a slash',
    objects:
      BOTH +
      gatewayApi(
        `{matches: [{path: {type: PathPrefix, value: /v2}}], ${backend(
          'desk',
        )}}, {matches: [{path: {type: PathPrefix, value: /v2/jobs}}], ${backend(
          'lamp',
        )}}`,
      ),
    ask: call('http://any.test:80/v2/jobs:run', AT_WEB),
    answer: ['desk-v1'],
  },
  {
    report: 77,
    name: 'an HTTPRoute all of whose weights are 0',
    objects: DESK + gatewayApi(`{${backend('desk', ', weight: 0')}}`),
    ask: call('http://any.test:80/', AT_WEB),
    answer: ['500'],
  },
  {
    report: 77,
    name: '… and a VirtualService',
    objects:
      BOTH +
      virtualService(
        'desk',
        '{hosts: [desk], http: [{route: [{destination: {host: desk}, weight: 0}, {destination: {host: lamp}, weight: 0}]}]}',
      ),
    ask: problems('IST0106'),
    answer: ['IST0106 VirtualService nova/desk'],
  },
  ...(
    [
      ['outside/client', 'own-v1'],
      ['nova/client', 'desk-v1'],
    ] as const
  ).map(
    ([from, answer]): Report => ({
      report: 76,
      name: `an HTTPRoute for a Service in another namespace holds for its own callers: ${from}`,
      objects:
        DESK +
        app('own', { namespace: 'outside' }) +
        object(
          'HTTPRoute',
          'outside/mine',
          `{parentRefs: [{group: "", kind: Service, name: desk, namespace: nova}], rules: [{${backend(
            'own',
          )}}]}`,
        ),
      ask: call('http://desk.nova.svc.cluster.local:80/', { from }),
      answer: [answer],
    }),
  ),
  {
    name: 'a Host header may name the port',
    objects:
      web(plain('*')) +
      DESK +
      bound('desk', `hosts: [desk.depot.test], http: [{${to('desk')}}]`),
    ask: call('http://desk.depot.test:80/', {
      ...AT_WEB,
      host: 'desk.depot.test:80',
    }),
    answer: ['desk-v1'],
  },
  ...(
    [
      ['/v1', '/v1/jobs', '/v2/jobs'],
      ['/v1/', '/v1/jobs', '/v2/jobs'],
      ['/', '/jobs', '/v2jobs'],
    ] as const
  ).map(
    ([prefix, path, target]): Report => ({
      name: `a redirect of an HTTPRoute puts another prefix in the place of ${prefix}`,
      objects:
        DESK +
        gatewayApi(
          `{matches: [{path: {type: PathPrefix, value: ${prefix}}}], filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /v2}}}]}`,
        ),
      ask: call(`http://any.test:80${path}`, AT_WEB),
      answer: [`302 http://any.test${target}`],
    }),
  ),
];
