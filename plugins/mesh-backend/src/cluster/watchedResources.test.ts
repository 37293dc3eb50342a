import fc from 'fast-check';
import { objectPath } from './watchedResources';

const RULE = {
  apiVersion: 'networking.istio.io/v1',
  namespace: 'orion',
  name: 'auth-service',
};

describe('objectPath', () => {
  it.each([
    [RULE, '/apis/networking.istio.io/v1/namespaces/orion/things/auth-service'],
    [
      { ...RULE, apiVersion: 'v1', name: 'kube-root-ca.crt' },
      '/api/v1/namespaces/orion/things/kube-root-ca.crt',
    ],
    [
      { apiVersion: 'gateway.networking.k8s.io/v1beta1', name: 'istio' },
      '/apis/gateway.networking.k8s.io/v1beta1/things/istio',
    ],
  ])('of %j', (ref, path) => {
    expect(objectPath(ref, 'things')).toBe(path);
  });

  it.each([
    { name: 'auth-service/status' },
    { name: 'auth-service%2Fstatus' },
    { name: '..' },
    { name: '.' },
    { name: '' },
    { name: 'A' },
    { name: `${'a.'.repeat(130)}a` },
    { namespace: '' },
    { namespace: 'orion/pods' },
    { namespace: '..' },
    { namespace: 'a.b' },
    { apiVersion: 'v1/namespaces/orion/pods' },
    { apiVersion: 'apps/v1/../..' },
    { apiVersion: '../v1' },
    { apiVersion: 'apps' },
  ])('is refused to %j', wrong => {
    expect(() => objectPath({ ...RULE, ...wrong }, 'things')).toThrow(
      'names nothing',
    );
  });

  it('leads to one object and never to a part of one, whatever the names', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'ab1-./%?#A:', 'v1', '%2f'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, text, text, (apiVersion, namespace, name) => {
        let path: string;
        try {
          path = objectPath({ apiVersion, namespace, name }, 'things');
        } catch {
          return;
        }
        expect(new URL(path, 'http://c').pathname).toBe(path);
        expect(decodeURIComponent(path)).toBe(path);
        expect(path.split('/').slice(-4)).toEqual([
          'namespaces',
          namespace,
          'things',
          name,
        ]);
      }),
      { numRuns: 2000 },
    );
  });
});
