import { setFromYaml } from '../setFromYaml';
import { injectionOf } from './injection';

describe('a wish for injection', () => {
  const namespace = setFromYaml(
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: depot, labels: {istio-injection: enabled}}',
  ).namespace('depot');
  it.each([
    ['true', true],
    ['false', false],
    ['no', true],
    ['off', true],
    ['enabled', true],
    ['', true],
    ['False', true],
  ])('"%s" leaves the pod injected: %s', (wish, injects) => {
    const wished = { 'sidecar.istio.io/inject': wish };
    for (const metadata of [{ labels: wished }, { annotations: wished }]) {
      expect(injectionOf(namespace, { metadata }).injects).toBe(injects);
    }
  });
});

describe('the revision that injects', () => {
  it.each<[object, Record<string, string>, string | undefined]>([
    [{ 'istio-injection': 'enabled' }, {}, 'default'],
    [{ 'istio.io/rev': 'canary' }, {}, 'canary'],
    [{ 'istio-injection': 'enabled', 'istio.io/rev': 'canary' }, {}, 'default'],
    [{ 'istio-injection': 'enabled' }, { 'istio.io/rev': 'canary' }, 'default'],
    [{ 'istio.io/rev': 'canary' }, { 'istio.io/rev': 'default' }, 'canary'],
    [{}, { 'istio.io/rev': 'canary' }, 'canary'],
    [{}, { 'sidecar.istio.io/inject': 'true' }, 'default'],
    [
      {},
      { 'sidecar.istio.io/inject': 'true', 'istio.io/rev': 'canary' },
      'canary',
    ],
    [{}, { 'sidecar.istio.io/inject': 'true', 'istio.io/rev': '' }, undefined],
    [{ 'istio.io/rev': '' }, {}, undefined],
    [{ 'istio-injection': 'off', 'istio.io/rev': 'canary' }, {}, undefined],
  ])('of a namespace %j, a pod %j: %s', (scope, labels, revision) => {
    const namespace = setFromYaml(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'depot', labels: scope },
      }),
    ).namespace('depot');
    expect(injectionOf(namespace, { metadata: { labels } })).toMatchObject(
      revision === undefined ? { injects: false } : { injects: true, revision },
    );
  });
});
