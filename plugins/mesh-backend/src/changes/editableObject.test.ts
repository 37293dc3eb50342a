import { type KubeObject, setFromYaml } from '@meshdeck/istio-config';
import { editableObject, requireSamePlace } from './editableObject';

const placement = {
  id: 'c:a:shop',
  cluster: 'c',
  namespace: 'a',
  service: 'shop',
};

const rule = (
  annotations: Record<string, string> = {},
  spec: object = {},
): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    namespace: 'a',
    name: 'shop',
    uid: 'u',
    resourceVersion: '7',
    annotations,
  },
  spec: { hosts: ['shop'], http: [], ...spec },
});

const set = (object: KubeObject) =>
  setFromYaml(`
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: a }
spec: { selector: { app: shop }, ports: [{ port: 80 }] }
`).with([{ type: 'put', object }]);

const ref = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'a',
  name: 'shop',
};
const MARK = { 'ends.meshdeck.io/x': 'spec.http[0].fault until 2026-01-01' };

describe('editableObject', () => {
  it('is the one that was looked at', () => {
    const object = rule();
    expect(
      editableObject(set(object), placement, { object: ref, seen: '7' }),
    ).toBe(object);
  });

  it.each<[string, KubeObject, Partial<typeof ref>, string, RegExp]>([
    ['another version', rule(), {}, '6', /was changed since/],
    ['one in which something ends', rule(MARK), {}, '7', /ends by itself/],
    ['one that is not there', rule(), { name: 'none' }, '7', /not there/],
    [
      'one of another group',
      rule(),
      { apiVersion: 'example.com/v1' },
      '7',
      /No VirtualService is edited/,
    ],
    ['a Service', rule(), { kind: 'Service' }, '7', /No Service is edited/],
    [
      'one of another host',
      rule({}, { hosts: ['other'] }),
      {},
      '7',
      /says nothing of a\/shop/,
    ],
  ])('is not %s', (_what, object, change, seen, says) => {
    expect(() =>
      editableObject(set(object), placement, {
        object: { ...ref, ...change },
        seen,
      }),
    ).toThrow(says);
  });
});

describe('requireSamePlace', () => {
  const written = (
    metadata: object,
    spec: object = {},
    annotations = {},
  ): KubeObject => {
    const object = rule(annotations, spec);
    const { uid: _uid, resourceVersion: _version, ...own } = object.metadata;
    return { ...object, metadata: { ...own, ...metadata } };
  };

  it('lets a text say the version that is there, or none', () => {
    for (const metadata of [{}, { uid: 'u', resourceVersion: '7' }]) {
      expect(() => requireSamePlace(rule(), written(metadata))).not.toThrow();
    }
  });

  it.each<[string, KubeObject, RegExp]>([
    ['another version', written({ resourceVersion: '6' }), /resourceVersion/],
    ['another object', written({ uid: 'v' }), /uid/],
    ['another host', written({}, { hosts: ['pay.example.com'] }), /spec.hosts/],
    ['a gateway', written({}, { gateways: ['edge/public'] }), /spec.gateways/],
    ['whom it is exported to', written({}, { exportTo: ['*'] }), /exportTo/],
    [
      'a fault',
      written({}, { http: [{ fault: { abort: { httpStatus: 503 } } }] }),
      /set by its form/,
    ],
    ['what ends by itself', written({}, {}, MARK), /the portal’s own/],
  ])('refuses a text that says %s', (_what, text, says) => {
    expect(() => requireSamePlace(rule(), text)).toThrow(says);
  });
});
