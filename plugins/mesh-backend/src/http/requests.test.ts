import { read } from './requests';

const OBJECT = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  namespace: 'orion',
  name: 'auth-service',
};
const MANIFEST = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop', namespace: 'desk' },
};

describe('what becomes a part of a path', () => {
  it('is taken where Kubernetes could have such a thing', () => {
    expect(read.mendIntent({ code: 'MD0101', object: OBJECT }).object).toEqual(
      OBJECT,
    );
  });

  it.each([
    ['apiVersion', 'networking.istio.io/v1/namespaces/desk'],
    ['apiVersion', '..'],
    ['kind', 'Pod/exec'],
    ['kind', 'constructor'],
    ['namespace', 'orion/pods'],
    ['namespace', '..'],
    ['name', 'auth-service/status'],
    ['name', 'auth-service%2Fstatus'],
    ['name', '..'],
  ])('is refused as %s: %s', (field, value) => {
    const object = { ...OBJECT, [field]: value };
    expect(() => read.mendIntent({ code: 'MD0101', object })).toThrow(
      `object.${field}: `,
    );
    const { metadata } = MANIFEST;
    const manifest =
      field in metadata
        ? { ...MANIFEST, metadata: { ...metadata, [field]: value } }
        : { ...MANIFEST, [field]: value };
    const place = { cluster: 'c', namespace: 'desk', name: 'shop', owner: 'x' };
    expect(() => read.onboarding({ ...place, manifests: [manifest] })).toThrow(
      new RegExp(`^manifests\\.0\\.(metadata\\.)?${field}: `),
    );
  });

  it.each(['desk/../x', 'Desk', '', 'a.b'])(
    'is refused as the namespace of a caller or a service: "%s"',
    namespace => {
      const request = { method: 'GET', path: '/', fromNamespace: namespace };
      expect(() => read.tryRoute(request)).toThrow('fromNamespace: ');
      const place = { cluster: 'c', namespace, name: 'shop', owner: 'x' };
      expect(() =>
        read.onboarding({ ...place, manifests: [MANIFEST] }),
      ).toThrow(/^namespace: /);
    },
  );
});
