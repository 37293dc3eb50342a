import fc from 'fast-check';
import { SpanNamespaces } from './SpanNamespaces';

const usual = SpanNamespaces.create('{app}.{namespace}');

it.each<[string, Record<string, string>, string | undefined]>([
  ['shop.orion', {}, 'orion'],
  ['shop.v2.orion', {}, 'orion'],
  // What the proxy or the collector says of the place goes before a name that anybody may give.
  ['shop.orion', { 'istio.namespace': 'other' }, 'other'],
  ['shop.orion', { 'k8s.namespace.name': 'other' }, 'other'],
  [
    'shop',
    { node_id: 'sidecar~10.1.1.1~a.b~orion.svc.cluster.local' },
    'orion',
  ],
  ['shop', { node_id: 'nonsense' }, undefined],
  ['shop', {}, undefined],
  ['', {}, undefined],
  ['Shop.Orion', {}, undefined],
  ['shop.orion ', {}, undefined],
  [`${'a'.repeat(600)}.orion`, {}, undefined],
])('%s with %j is of %s', (service, tags, namespace) => {
  expect(usual.of({ service, tags })).toBe(namespace);
});

it.each<[string, string, string | undefined]>([
  ['{namespace}/{app}', 'orion/shop', 'orion'],
  ['{namespace}.{app}', 'orion.shop.v2', 'orion'],
  ['{service}.{namespace}.svc', 'shop.orion.svc', 'orion'],
  ['mesh-{namespace}', 'mesh-orion', 'orion'],
  // Which part of these is the namespace, nobody can tell.
  ['{app}-{namespace}', 'shop-orion', undefined],
  ['{app}{namespace}', 'shoporion', undefined],
  ['{namespace}.{namespace}', 'a.b', undefined],
  ['{app}', 'shop.orion', undefined],
])('in the scheme %s, %s names %s', (scheme, service, namespace) => {
  expect(SpanNamespaces.create(scheme).named(service)).toBe(namespace);
});

it('reads back what a scheme made, whatever the names', () => {
  const letters = [...'abcxyz0189-'];
  const name = fc
    .string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 20 })
    .filter(text => /^[a-z0-9].*[a-z0-9]$/.test(text));
  fc.assert(
    fc.property(
      name,
      name,
      fc.constantFrom(
        '{app}.{namespace}',
        '{namespace}/{app}',
        '{app}:{namespace}',
      ),
      (app, namespace, scheme) => {
        const service = scheme
          .replace('{app}', app)
          .replace('{namespace}', namespace);
        expect(SpanNamespaces.create(scheme).named(service)).toBe(namespace);
      },
    ),
  );
});
