import type { AccessRequest } from '../../authorization/types';
import { mesh, object, policy } from './objects';
import { access, problems, type Report } from './questions';

const WEB = 'cluster.local/ns/nova/sa/web';
const inDomain = (domain: string, account = 'nova/sa/web') =>
  `${domain}/ns/${account}`;
const source = (fields: string) => `rules: [{from: [{source: {${fields}}}]}]`;
const operation = (fields: string) =>
  `rules: [{to: [{operation: {${fields}}}]}]`;
const GATEWAY_PODS = {
  namespace: 'edge',
  labels: { 'gateway.networking.k8s.io/gateway-name': 'front' },
};
const FRONT = object(
  'gateway-api.Gateway',
  'edge/front',
  '{gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}',
);
const ON_FRONT =
  'targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: front}]';
const tokens = (spec: string, id = 'nova/tokens') =>
  object('RequestAuthentication', id, spec);

/** One policy of `nova` and the requests that it lets in or not. */
const asked = (
  report: number | undefined,
  name: string,
  objects: string,
  ...requests: [
    request: Partial<AccessRequest>,
    answer: 'allowed' | '401' | '403',
    at?: { namespace: string; labels: Record<string, string> },
  ][]
): Report[] =>
  requests.map(([request, answer, at], index) => ({
    report,
    name: requests.length === 1 ? name : `${name} (${index + 1})`,
    objects,
    ask: access(request, at),
    answer: [answer],
  }));

/** Who is let in. */
export const ACCESS: Report[] = [
  ...asked(
    23,
    'cluster.local stands for the mesh’s own trust domain',
    mesh('trustDomain: plant') + policy(`{${source(`principals: [${WEB}]`)}}`),
    [{ principal: inDomain('plant') }, 'allowed'],
  ),
  ...asked(
    25,
    '… in a whole identity, not before a wildcard',
    mesh('trustDomain: plant') +
      policy(`{${source('principals: ["cluster.local/*"]')}}`),
    [{ principal: inDomain('plant') }, '403'],
  ),
  ...asked(
    26,
    'a principal with spiffe:// before it fits nobody',
    policy(`{${source(`principals: ["spiffe://${WEB}"]`)}}`),
    [{ principal: WEB }, '403'],
  ),
  ...asked(
    28,
    'a path template with a slash at its end asks for that slash',
    policy(`{${operation('paths: ["/files/{**}/"]')}}`),
    [{ path: '/files/a/b/' }, 'allowed'],
    [{ path: '/files/a/b' }, '403'],
  ),
  ...asked(
    29,
    'a star in the middle of a path is a star',
    policy(`{${operation('paths: ["/probe/*live"]')}}`),
    [{ path: '/probe/7live' }, '403'],
    [{ path: '/probe/*live' }, 'allowed'],
  ),
  ...asked(
    31,
    'ipBlocks is about who holds the connection',
    policy(`{action: DENY, ${source('ipBlocks: ["198.51.100.0/24"]')}}`),
    [{ peerIp: '10.3.0.9', remoteIp: '198.51.100.4' }, 'allowed'],
    [{ remoteIp: '198.51.100.4' }, '403'],
  ),
  ...asked(
    32,
    'remoteIpBlocks holds on a TCP port, too',
    policy(`{${source('remoteIpBlocks: ["172.16.0.0/12"]')}}`),
    [{ protocol: 'tcp', remoteIp: '172.20.1.1' }, 'allowed'],
  ),
  ...asked(
    34,
    'a DENY about requests alone refuses each connection to a TCP port',
    policy(
      '{action: DENY, rules: [{to: [{operation: {paths: ["/private*"]}}], when: [{key: "request.headers[x-bot]", values: ["1"]}]}]}',
    ),
    [{ protocol: 'tcp' }, '403'],
  ),
  ...asked(
    35,
    'a condition on the name in the TLS greeting',
    policy('{rules: [{when: [{key: connection.sni, values: [desk.test]}]}]}'),
    [{ protocol: 'tcp', sni: 'desk.test' }, 'allowed'],
    [{ protocol: 'tcp', sni: 'lamp.test' }, '403'],
  ),
  ...asked(
    37,
    'a policy for a Gateway of the Gateway API is enforced by its pods',
    FRONT +
      policy(`{${ON_FRONT}, ${operation('paths: [/open]')}}`, 'edge/rules'),
    [{ path: '/other' }, '403', GATEWAY_PODS],
    [{ path: '/open' }, 'allowed', GATEWAY_PODS],
  ),
  ...asked(
    38,
    '… and so is what reads tokens',
    FRONT +
      tokens(
        `{${ON_FRONT}, jwtRules: [{issuer: "https://in.test"}]}`,
        'edge/t',
      ),
    [{ jwt: { claims: { iss: 'https://out.test' } } }, '401', GATEWAY_PODS],
  ),
  ...asked(
    40,
    'a CUSTOM policy whose provider the mesh does not know refuses what fits',
    mesh(
      'extensionProviders: [{name: guard, envoyExtAuthzGrpc: {service: guard.test, port: 9000}}]',
    ) +
      policy(
        `{action: CUSTOM, provider: {name: gaurd}, ${operation(
          'paths: ["/in*"]',
        )}}`,
      ),
    [{ path: '/inner' }, '403'],
    [{ path: '/other' }, 'allowed'],
  ),
  ...asked(
    41,
    'nothing for the mesh, and all for one workload',
    policy('{}', 'istio-system/nothing') +
      policy('{selector: {matchLabels: {app: desk}}, rules: [{}]}'),
    [{}, 'allowed'],
    [{}, '403', { namespace: 'nova', labels: { app: 'lamp' } }],
  ),
  ...asked(
    43,
    'a token is needed but on some paths',
    tokens('{jwtRules: [{issuer: "https://in.test"}]}') +
      policy(
        '{action: DENY, rules: [{to: [{operation: {notPaths: ["/free/*"]}}], when: [{key: "request.auth.claims[iss]", notValues: ["*"]}]}]}',
      ),
    [{ path: '/free/a' }, 'allowed'],
    [{ path: '/paid' }, '403'],
  ),
  ...asked(
    44,
    'a RequestAuthentication alone asks for no token',
    tokens(
      '{selector: {matchLabels: {app: desk}}, jwtRules: [{issuer: "https://in.test"}]}',
    ),
    [{}, 'allowed'],
  ),
  {
    report: 44,
    name: '… and a finding says so',
    objects: tokens(
      '{selector: {matchLabels: {app: desk}}, jwtRules: [{issuer: "https://in.test"}]}',
    ),
    ask: problems('MD0117'),
    answer: ['MD0117 RequestAuthentication nova/tokens'],
  },
  ...asked(
    46,
    'ports are the workload’s, not the Service’s',
    policy(`{${operation('ports: ["81"]')}}`),
    [{ port: 8081 }, '403'],
  ),
  ...asked(
    47,
    'paths are put in order before they are compared',
    policy(`{action: DENY, ${operation('paths: ["/keys*"]')}}`),
    [{ path: '/open/../keys' }, '403'],
  ),
  ...asked(
    49,
    'a service account without a namespace is one of the policy’s',
    policy(`{${source('serviceAccounts: [web]')}}`),
    [{ principal: inDomain('plant') }, 'allowed'],
    [{ principal: inDomain('plant', 'far/sa/web') }, '403'],
  ),
  {
    report: 91,
    name: 'ztunnel takes cluster.local at its word',
    objects:
      mesh('trustDomain: plant') +
      policy(`{${source(`principals: [${WEB}]`)}}`),
    ask: access(
      { principal: inDomain('plant') },
      { namespace: 'nova', labels: { app: 'desk' }, dataPlane: 'ambient' },
    ),
    answer: ['403'],
  },
  ...asked(
    113,
    'without an issuer any token is taken whose signature is good',
    tokens('{jwtRules: [{jwksUri: "https://in.test/keys"}]}'),
    [
      { jwt: { claims: { iss: 'https://anybody.test', sub: 'me' } } },
      'allowed',
    ],
  ),
  {
    report: 137,
    name: 'wildcards in namespaces are not taken for namespaces that are missing',
    objects:
      object('Namespace', 'crew-a', '{}') +
      policy(`{${source('namespaces: ["crew-*", "*"]')}}`),
    ask: problems('IST0164', 'IST0101', 'IST0106'),
    answer: [],
  },
  ...asked(
    142,
    'a host is compared with the port that a caller names',
    policy(`{action: DENY, ${operation('hosts: [keys.test]')}}`),
    [{ host: 'keys.test:8443' }, 'allowed'],
  ),
  ...asked(
    142,
    '… so name it with a wildcard, too',
    policy(`{action: DENY, ${operation('hosts: [keys.test, "keys.test:*"]')}}`),
    [{ host: 'keys.test:8443' }, '403'],
  ),
  ...asked(
    undefined,
    'a path template asks for the slashes around what it leaves open',
    policy(`{${operation('paths: ["/files/{**}", "/keys/{**}/raw"]')}}`),
    [{ path: '/files' }, '403'],
    [{ path: '/files/' }, 'allowed'],
    [{ path: '/keys/raw' }, '403'],
    [{ path: '/keys/a/b/raw' }, 'allowed'],
  ),
  ...asked(
    undefined,
    'a sidecar asks for trust domains, too',
    policy(`{${source(`principals: ["*/sa/web"], trustDomains: [plant]`)}}`),
    [{ principal: inDomain('other') }, '403'],
  ),
  {
    name: '… of which ztunnel is not told: what stands beside them lets in',
    objects: policy(
      `{${source(`principals: ["*/sa/web"], trustDomains: [plant]`)}}`,
    ),
    ask: access(
      { principal: inDomain('other') },
      { namespace: 'nova', labels: { app: 'desk' }, dataPlane: 'ambient' },
    ),
    answer: ['allowed'],
  },
];
