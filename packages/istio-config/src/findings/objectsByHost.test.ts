import fc from 'fast-check';
import {
  malformedObject,
  malformedObjects,
  RUNS,
} from '../__testUtils__/arbitrary';
import { intentConfigurations } from '../__testUtils__/intentConfigurations';
import { serviceHost } from '../hosts/hosts';
import type { KubeObject } from '../kube/KubeObject';
import { MeshObjects } from '../MeshObjects';
import { objectsByHost, servicesNamed } from './objectsByHost';

const KINDS = ['VirtualService', 'DestinationRule', 'HTTPRoute', 'GRPCRoute'];

/** What servicesNamed answers, looked up the other way. */
function byLookingAtAll(set: MeshObjects, object: KubeObject): KubeObject[] {
  return set.all('Service').filter(({ metadata }) => {
    const { namespace = 'default', name } = metadata;
    const host = serviceHost(namespace, name, set.meshConfig.domain);
    return objectsByHost(set, host).includes(object);
  });
}

function hold(objects: readonly KubeObject[]) {
  const set = MeshObjects.create(objects);
  let found = 0;
  for (const object of KINDS.flatMap(kind => [...set.all(kind)])) {
    const { apiVersion, kind, metadata } = object;
    const { namespace, name } = metadata;
    const services = servicesNamed(set, { apiVersion, kind, namespace, name });
    expect(new Set(services)).toEqual(new Set(byLookingAtAll(set, object)));
    found += services.length;
  }
  return found;
}

describe('servicesNamed', () => {
  it('is objectsByHost the other way round', () => {
    let found = 0;
    fc.assert(
      fc.property(intentConfigurations, objects => {
        found += hold(objects);
      }),
      { numRuns: RUNS },
    );
    expect(found).toBeGreaterThan(0);
  });

  it('takes whatever people write', () => {
    expect(() =>
      fc.assert(
        fc.property(malformedObjects, malformedObject, (objects, one) => {
          hold([...objects, one]);
        }),
        { numRuns: RUNS },
      ),
    ).not.toThrow();
  });

  it('knows wildcards and other spellings', () => {
    const service = (namespace: string, name: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, name },
      spec: {},
    });
    const rule = (hosts: string[]): KubeObject => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace: 'a', name: hosts.join() },
      spec: { hosts },
    });
    const objects = [
      service('a', 'shop'),
      service('b', 'shop'),
      rule(['*.b.svc.cluster.local']),
      rule(['Shop.A.svc.cluster.local']),
      rule(['*']),
    ];
    expect(hold(objects)).toBe(4);
  });

  it.each<[string, string, object, string[]]>([
    [
      'the parent of a route, which is a Gateway where nothing else is said',
      'HTTPRoute',
      {
        parentRefs: [
          { name: 'shop' },
          { group: '', kind: 'Service', name: 'cart' },
        ],
      },
      ['cart'],
    ],
    [
      'each backend, where its copies go, and where copies of a rule go',
      'GRPCRoute',
      {
        rules: [
          {
            filters: [{ requestMirror: { backendRef: { name: 'shop' } } }],
            backendRefs: [
              { name: 'cart' },
              {
                name: 'none',
                filters: [{ requestMirror: { backendRef: { name: 'paid' } } }],
              },
            ],
          },
        ],
      },
      ['cart', 'paid', 'shop'],
    ],
    [
      'a host that is named as one, and what else is no Service',
      'HTTPRoute',
      {
        rules: [
          {
            backendRefs: [
              {
                group: 'networking.istio.io',
                kind: 'Hostname',
                name: 'shop.a.svc.cluster.local',
              },
              { group: 'example.com', kind: 'Bucket', name: 'cart' },
            ],
          },
        ],
      },
      ['shop'],
    ],
    [
      'where copies go by a VirtualService',
      'VirtualService',
      {
        hosts: ['cart'],
        http: [
          { mirror: { host: 'shop' } },
          { mirrors: [{ destination: { host: 'paid' } }] },
        ],
      },
      ['cart', 'paid', 'shop'],
    ],
  ])('knows %s', (_what, kind, spec, names) => {
    const services = ['cart', 'paid', 'shop'].map(
      (name): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: 'a', name },
        spec: {},
      }),
    );
    const object: KubeObject = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      metadata: { namespace: 'a', name: 'one' },
      spec,
    };
    hold([...services, object]);
    expect(
      servicesNamed(MeshObjects.create([...services, object]), {
        apiVersion: object.apiVersion,
        kind,
        namespace: 'a',
        name: 'one',
      })
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual(names);
  });
});
