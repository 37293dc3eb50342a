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
