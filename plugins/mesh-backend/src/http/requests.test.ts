import { read } from './requests';

const OBJECT = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  namespace: 'orion',
  name: 'auth-service',
};
const ANSWERS = {
  cluster: 'c',
  namespace: 'desk',
  name: 'shop',
  owner: 'x',
  image: 'shop:1',
  port: 8090,
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
  });

  it.each(['desk/../x', 'Desk', '', 'a.b'])(
    'is refused as the namespace of a caller or a service: "%s"',
    namespace => {
      const request = { method: 'GET', path: '/', fromNamespace: namespace };
      expect(() => read.tryRoute(request)).toThrow('fromNamespace: ');
      expect(() => read.onboarding({ ...ANSWERS, namespace })).toThrow(
        /^namespace: /,
      );
    },
  );
});

describe('answers of somebody who brings a service', () => {
  it('are taken as they are', () => {
    const answers = {
      ...ANSWERS,
      system: 'system:default/shop',
      description: 'Sells – und liefert 🚚',
      image: `ghcr.io/shop/till@sha256:${'0'.repeat(64)}`,
      replicas: 20,
      callerNamespaces: ['desk', 'orders'],
      withCanary: false,
      dryRun: true,
    };
    expect(read.onboarding(ANSWERS)).toEqual(ANSWERS);
    expect(read.onboarding(answers)).toEqual(answers);
  });

  it('are no manifests', () => {
    for (const manifests of [[], [{ kind: 'Service' }], 'x', {}, null]) {
      expect(() => read.onboarding({ ...ANSWERS, manifests })).toThrow(
        /^manifests: a service is brought into the mesh by answers/,
      );
    }
  });

  it.each<[string, unknown]>([
    ['cluster', ''],
    ['namespace', '*'],
    ['namespace', 'desk\n'],
    ['name', undefined],
    ['name', 'Shop'],
    ['name', 'shop-'],
    ['name', '9shop'],
    ['name', 'shop.desk'],
    ['name', 'shop\n'],
    ['name', 'a'.repeat(51)],
    ['name', 'istio-proxy'],
    ['name', 'istio-init'],
    ['owner', ''],
    ['owner', 'x'.repeat(254)],
    ['system', 'shop, system:default/bank'],
    ['system', 'a/b/c'],
    ['description', 'x'.repeat(401)],
    ['description', 'one\ntwo'],
    ['description', 'one\u0000'],
    ['description', { toString: 'x' }],
    ['image', ''],
    ['image', 'a image'],
    ['image', 'shop:1\n'],
    ['image', '-shop'],
    ['image', '../shop'],
    ['image', 'a'.repeat(501)],
    ['port', 0],
    ['port', 65536],
    ['port', 80.5],
    ['port', '8090'],
    ['replicas', 0],
    ['replicas', 21],
    ['callerNamespaces', ['*']],
    ['callerNamespaces', ['desk', '']],
    ['callerNamespaces', ['istio-system/public']],
    ['callerNamespaces', 'desk'],
    ['callerNamespaces', new Array(101).fill('desk')],
    ['withCanary', 'yes'],
    ['dryRun', 'false'],
  ])('are refused where %s is %j', (field, value) => {
    expect(() => read.onboarding({ ...ANSWERS, [field]: value })).toThrow(
      new RegExp(`^${field}(\\.\\d+)?: `),
    );
  });

  it.each([
    'objects',
    'labels',
    'serviceAccountName',
    'hostNetwork',
    'constructor',
    'entityRef',
    'domain',
  ])('are refused with anything beside them: %s', field => {
    expect(() => read.onboarding({ ...ANSWERS, [field]: 'x' })).toThrow(
      new RegExp(`Unrecognized key: "${field}"`),
    );
  });
});
