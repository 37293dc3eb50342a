import {
  object,
  operation,
  paths,
  policy,
  server,
  type WebhookCase,
} from './__testUtils__/webhookCases';
import { webhookError, webhookWarning } from './webhook';

describe('what Istio’s webhook warns of', () => {
  it.each<WebhookCase>([
    [
      'a redirect to HTTPS where HTTPS is spoken',
      'Gateway',
      server(
        'port: {number: 443, name: a, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: c, httpsRedirect: true}',
      ),
      ['spec.servers[0].tls.httpsRedirect'],
    ],
    [
      'a selector that selects everything',
      'PeerAuthentication',
      '{selector: {matchLabels: {}}}',
      ['spec.selector'],
    ],
    [
      'a failover that nothing sets off',
      'DestinationRule',
      policy(
        'loadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}]}}',
      ),
      ['spec.trafficPolicy.loadBalancer.localityLbSetting'],
    ],
    [
      'a DENY of paths at ports that may be no HTTP',
      'AuthorizationPolicy',
      `{action: DENY, ${operation('paths: [/a]').slice(1)}`,
      ['spec.rules[0].to'],
    ],
    [
      'a private key for everybody to read',
      'RequestAuthentication',
      `{jwtRules: [{issuer: a, jwks: '{"keys":[{"kty":"RSA","n":"a","e":"b","d":"c"}]}'}]}`,
      ['spec.jwtRules[0].jwks'],
    ],
  ])('%s', (_name, kind, spec, expected) => {
    const resource = object(kind, spec);
    expect(paths(webhookWarning, resource)).toEqual(expected);
    expect(paths(webhookError, resource)).toEqual([]);
  });
});
