import {
  object,
  operation,
  paths,
  source,
  type WebhookCase,
  when,
} from './__testUtils__/webhookCases';
import { webhookError } from './webhook';

describe('what Istio’s webhook refuses of policies', () => {
  it.each<WebhookCase>([
    [
      'a target with a name that nothing can have',
      'AuthorizationPolicy',
      `{targetRefs: [{group: "", kind: Service, name: ${'x'.repeat(
        253,
      )}}, {group: "", kind: Service, name: ${'x'.repeat(254)}}]}`,
      ['spec.targetRefs[1].name'],
    ],
    [
      'no accounts beside namespaces',
      'AuthorizationPolicy',
      source('namespaces: [a], notServiceAccounts: []'),
      ['spec.rules[0].from[0].source.serviceAccounts'],
    ],
    [
      'a caller that is nobody',
      'AuthorizationPolicy',
      source(''),
      ['spec.rules[0].from[0].source'],
    ],
    [
      'two addresses in one',
      'AuthorizationPolicy',
      source('notRemoteIpBlocks: ["203.0.113.7,198.51.100.0/24"]'),
      ['spec.rules[0].from[0].source.notRemoteIpBlocks[0]'],
    ],
    [
      'the rest of a path, and more',
      'AuthorizationPolicy',
      operation('paths: ["/{**}/foo/{*}"]'),
      ['spec.rules[0].to[0].operation.paths[0]'],
    ],
    [
      'an attribute that there is not',
      'AuthorizationPolicy',
      when('key: "request.header[x]", values: [a]'),
      ['spec.rules[0].when[0].key'],
    ],
    [
      'the caller, asked of a provider',
      'AuthorizationPolicy',
      `{action: CUSTOM, provider: {name: p}, rules: [{from: [{source: {namespaces: [a]}}]}]}`,
      ['spec.rules[0].from[0].source.namespaces'],
    ],
    [
      'tokens of nobody',
      'RequestAuthentication',
      '{jwtRules: [{audiences: [a]}]}',
      ['spec.jwtRules[0].issuer'],
    ],
    [
      'keys from anywhere, of anybody: taken',
      'RequestAuthentication',
      '{jwtRules: [{jwksUri: "https://a.example.com/keys"}]}',
      [],
    ],
    [
      'port 0',
      'PeerAuthentication',
      '{selector: {matchLabels: {a: b}}, portLevelMtls: {"0": {mode: STRICT}}}',
      ['spec.portLevelMtls.0'],
    ],
    [
      'a share of traces above all',
      'Telemetry',
      '{tracing: [{randomSamplingPercentage: 101}]}',
      ['spec.tracing[0].randomSamplingPercentage'],
    ],
  ])('%s', (_name, kind, spec, expected) => {
    expect(paths(webhookError, object(kind, spec))).toEqual(expected);
  });

  it('minds a policy that is tried out, and nothing else that is', () => {
    const tried = (kind: string, value: string, spec = '{rules: [{}]}') =>
      paths(
        webhookError,
        object(kind, spec, `{annotations: {istio.io/dry-run: "${value}"}}`),
      );
    expect(tried('AuthorizationPolicy', 'true')).toEqual([]);
    expect(tried('AuthorizationPolicy', 'yes')).toEqual([
      'metadata.annotations',
    ]);
    expect(tried('PeerAuthentication', 'true', '{}')).toEqual([
      'metadata.annotations',
    ]);
  });

  it('leaves the Gateway API’s Gateway alone', () => {
    const gateway = object('Gateway', '{gatewayClassName: istio}');
    expect(
      paths(webhookError, {
        ...gateway,
        apiVersion: 'gateway.networking.k8s.io/v1',
      }),
    ).toEqual([]);
  });
});
