import { deployment, service } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';

const TOOK_MS = 600;

describe('how long a rule waits for an answer', () => {
  it.each<[string, string, 'reaches' | 504 | 503]>([
    ['as long as it takes', '', 'reaches'],
    ['longer than it takes', 'timeout: 2s', 'reaches'],
    ['less', 'timeout: 500ms', 504],
    ['0 is no limit', 'timeout: 0s', 'reaches'],
    ['less for each try', 'retries: {attempts: 1, perTryTimeout: 500ms}', 504],
    [
      'less for each try, of which there is only the first',
      'retries: {attempts: 0, perTryTimeout: 500ms}',
      'reaches',
    ],
    [
      'the shorter of both',
      'timeout: 500ms, retries: {attempts: 1, perTryTimeout: 2s}',
      504,
    ],
    ['nobody waits for who is not there', 'timeout: 500ms, to: none', 503],
  ])('%s', (_name, rule, expected) => {
    const [body, to = 'a'] = rule.split(', to: ');
    const set = setFromYaml(`${service('a')}${deployment('a')}${deployment(
      'client',
    )}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: orion}
spec: {hosts: [a], http: [{${
      body ? `${body}, ` : ''
    }route: [{destination: {host: ${to}}}]}]}
`);
    const outcomes = foretellCall(set, {
      protocol: 'http',
      from: findWorkload(set, 'orion', 'client')!,
      host: 'a',
      port: 8080,
      answeredAfterMs: TOOK_MS,
    });
    expect(outcomes).toMatchObject([
      expected === 'reaches'
        ? { type: 'reaches' }
        : { type: 'answered', status: expected },
    ]);
  });
});
