import { deployment, service } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';
import type { CallEnd } from './types';

const MESH = `${service('a')}${deployment('a')}${service('b')}${deployment(
  'b',
)}${deployment('client')}`;

const ask = (rule: string, answeredWith?: number, more = '') =>
  foretellCall(
    setFromYaml(`${MESH}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: orion}
spec: {hosts: [a], http: [{${rule}}]}
---
${more}`),
    {
      protocol: 'http',
      from: findWorkload(setFromYaml(MESH), 'orion', 'client')!,
      host: 'a',
      port: 8080,
      path: '/x',
      answeredWith,
    },
  );
const TO_A = 'route: [{destination: {host: a}}]';
const place = (end: CallEnd) =>
  end.type === 'reaches'
    ? `${end.pod.replace(/^.*\/|-abc.*$/g, '')} ${end.host}${end.path}`
    : end.type;

describe('what a rule does beside sending a request on', () => {
  it.each<[string, string, string[][]]>([
    ['copies none', '', []],
    ['copies all', ', mirror: {host: b}', [['b a/x']]],
    [
      'copies as it rewrites',
      ', mirror: {host: b}, rewrite: {uri: /new, authority: other.test}',
      [['b other.test/newx']],
    ],
    [
      'copies none of a share of 0',
      ', mirror: {host: b}, mirrorPercentage: {value: 0}',
      [],
    ],
    [
      'copies to several',
      ', mirrors: [{destination: {host: a}}, {destination: {host: b}}]',
      [['a a/x'], ['b a/x']],
    ],
    [
      'copies to nobody where nobody is there',
      ', mirror: {host: none}',
      [['answered']],
    ],
  ])('%s', (_name, mirrors, expected) => {
    const [outcome] = ask(`${TO_A}${mirrors}`);
    expect(outcome.type).toBe('reaches');
    expect((outcome.copies ?? []).map(ends => ends.map(place))).toEqual(
      expected,
    );
  });

  it.each([
    [
      'a fault',
      'fault: {abort: {httpStatus: 418, percentage: {value: 100}}}, ',
    ],
    ['a redirect', 'redirect: {uri: /b}, '],
  ])('copies nothing that it answers itself: %s', (_name, action) => {
    const rule = action.startsWith('redirect') ? action : `${action}${TO_A}, `;
    expect(ask(`${rule}mirror: {host: b}`)).toEqual([
      expect.not.objectContaining({ copies: expect.anything() }),
    ]);
  });

  it('copies nothing where it has nobody to send to, and goes on copying what the called side refuses', () => {
    const copied = (rule: string, more = '') =>
      ask(rule, undefined, more).map(({ copies = [] }) => copies.length);
    expect(
      copied('route: [{destination: {host: none}}], mirror: {host: b}'),
    ).toEqual([0]);
    expect(
      copied(
        `${TO_A}, mirror: {host: b}`,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: none, namespace: orion}
spec: {selector: {matchLabels: {app: a}}}
`,
      ),
    ).toEqual([1]);
  });

  it.each<[string, number, number]>([
    ['', 503, 1],
    ['retries: {attempts: 2}, ', 503, 1],
    ['retries: {attempts: 2, retryOn: "5xx"}, ', 500, 3],
    ['retries: {attempts: 2, retryOn: "5xx"}, ', 404, 1],
    ['retries: {attempts: 3, retryOn: "reset,gateway-error"}, ', 502, 4],
    ['retries: {attempts: 3, retryOn: "gateway-error"}, ', 500, 1],
    ['retries: {attempts: 1, retryOn: "retriable-4xx"}, ', 409, 2],
    ['retries: {attempts: 1, retryOn: "retriable-status-codes,418"}, ', 418, 2],
    ['retries: {attempts: 0}, ', 503, 1],
  ])('with %s%d arrives %d times', (retries, status, times) => {
    expect(ask(`${retries}${TO_A}`, status)).toMatchObject([{ tries: times }]);
  });
});
