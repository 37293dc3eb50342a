import type { SendAnswer } from '../../tools/real-mesh/src/AppClient';
import { answerOf, numberIn, rule, tryCall, tryRequest } from '../pageParts';
import { onPortal, type Portal } from '../portal';
import { eventually } from '../eventually';
import { Caller, versionsOf } from './mesh';

const HOST = 'auth-service.orion';
/** At 10 %, one in 4,700 rounds would not meet the canary. */
const ENOUGH = 80;
/** Prometheus knows a rate of what was counted twice. */
const OFFERED_WITHIN_SECONDS = 60;

/** What the page foretells, in the words that come back for real. */
function foretold(words: string): string {
  if (words.startsWith('Allowed')) return '200';
  const [, status] = /^Denied \((\d+)\)/.exec(words) ?? [];
  return status ?? (words.startsWith('Refused') ? 'no answer' : words);
}

const happened = ({ status }: SendAnswer) =>
  status === undefined ? 'no answer' : String(status);

describe('trying something out, beside the real thing', () => {
  const requests: readonly {
    method?: string;
    path: string;
    headers: Record<string, string>;
  }[] = [
    { method: 'POST', path: '/api/auth/login', headers: {} },
    {
      method: 'POST',
      path: '/api/auth/login',
      headers: { 'x-canary': 'true' },
    },
    { path: '/api/auth/me', headers: { 'x-canary': 'true' } },
    { path: '/api/auth/me', headers: { 'x-canary': 'yes' } },
    { path: '/api/auth/refresh', headers: {} },
  ];

  onPortal('tells which versions a request can get to', async portal => {
    const caller = await Caller.of('orion', 'gateway-service');
    await portal.visitComponent('auth-service', 'routes');
    const answer = answerOf(portal, 'Try a request');
    const taken = new Set<number>();
    for (const request of requests) {
      const pairs = Object.entries(request.headers);
      await portal.choose(/Method/, request.method ?? 'GET');
      await tryRequest(
        portal,
        request.path,
        pairs.map(pair => pair.join('=')).join(', '),
      );
      await answer.waitFor();
      const number = numberIn(await answer.innerText());
      const takes = rule(portal, number);
      await takes.getByText('takes your request').waitFor();
      const words = await takes.innerText();
      const answers = await caller.sendMany(ENOUGH, HOST, request);
      expect({ ...request, versions: versionsOf(answers) }).toEqual({
        ...request,
        versions: ['canary', 'stable'].filter(version =>
          words.includes(`${version} of auth-service`),
        ),
      });
      taken.add(number);
    }
    expect([...taken]).toEqual([1, 2, 3]);
  });

  const calls = [
    { from: 'orion/gateway-service', method: 'POST', path: '/api/auth/login' },
    { from: 'orion/gateway-service', method: 'GET', path: '/api/auth/login' },
    { from: 'orion/gateway-service', method: 'GET', path: '/api/auth/me' },
    { from: 'orion/gateway-service', method: 'GET', path: '/api/auth/health' },
    { from: 'orion/gateway-service', method: 'PUT', path: '/health' },
    { from: 'orion/billing', method: 'GET', path: '/api/auth/me' },
    { from: 'orion/billing', method: 'GET', path: '/metrics' },
    // Without a proxy, and so without an identity.
    { from: 'orion-batch/legacy-batch', method: 'GET', path: '/api/auth/me' },
  ];

  /** Who has not called lately cannot be chosen: it calls until the page has followed. */
  const untilOffered = async (portal: Portal, from: string) => {
    const caller = await Caller.of(...(from.split('/') as [string, string]));
    await eventually(async () => {
      await caller.send(HOST);
      await portal.visitComponent('auth-service', 'security');
      await portal.page.getByRole('button', { name: /From/ }).click();
      const options = await portal.page.getByRole('option').allInnerTexts();
      await portal.page.keyboard.press('Escape');
      expect(options).toContain(from);
    }, OFFERED_WITHIN_SECONDS);
  };

  onPortal(
    'tells who gets in',
    async portal => {
      await untilOffered(portal, 'orion/billing');
      const answer = answerOf(portal, 'Try a call');
      const outcomes = new Set<string>();
      for (const { from, method, path } of calls) {
        const [namespace, app] = from.split('/');
        const caller = await Caller.of(namespace, app);
        const name = caller.pod.hasProxy ? from : 'a caller outside the mesh';
        await tryCall(portal, name, method, path);
        await answer.waitFor();
        const words = await answer.innerText();
        const real = await caller.send(HOST, { method, path });
        expect({ from, method, path, got: happened(real) }).toEqual({
          from,
          method,
          path,
          got: foretold(words),
        });
        outcomes.add(foretold(words));
      }
      expect([...outcomes].sort()).toEqual(['200', '403', 'no answer']);
    },
    120,
  );
});
