import type { SendAnswer } from '../../tools/real-mesh/src/AppClient';
import {
  applyPreview,
  type FormAnswers,
  previewForm,
  undoChange,
} from '../changing';
import type { Portal, Tab } from '../portal';
import { Caller, versionsOf } from './mesh';
import { inForce, onMesh } from './onMesh';

const HOST = 'auth-service.orion';
const STAGING = 'auth-service.orion-staging';
const OWN_DATA = { path: '/api/auth/me' };

/** One thing that can be changed, and what comes of it. */
interface Trial {
  tab: Tab;
  placement?: string;
  button: string;
  answers: FormAnswers;
  /** What the preview says. */
  sentence: RegExp;
  /** How requests end without it. */
  before: () => Promise<void>;
  /** How they end as soon as it is in force. */
  after: () => Promise<void>;
}

async function goThrough(portal: Portal, trial: Trial): Promise<void> {
  const { tab, placement, button, answers, before, after } = trial;
  await inForce(before);
  await portal.visitComponent(
    'auth-service',
    tab,
    placement ? `?placement=${placement}` : '',
  );
  await previewForm(portal, button, answers);
  const sentence = await applyPreview(portal, 'to see what comes of it');
  expect(sentence).toMatch(trial.sentence);
  await inForce(after);
  await portal.photograph(`after ${button}`);
  await undoChange(portal, sentence);
  await inForce(before);
}

const statuses = (answers: readonly SendAnswer[]) =>
  answers.map(({ status }) => status);

describe('changing a service of a real mesh', () => {
  onMesh('cuts slow answers off after a timeout', async portal => {
    const caller = await Caller.of('orion', 'gateway-service');
    const slow = () =>
      caller.send(HOST, {
        ...OWN_DATA,
        headers: { 'x-answer-after-ms': '600' },
      });
    await goThrough(portal, {
      tab: 'routes',
      button: 'Timeout: rule 3',
      answers: { texts: { Seconds: '0.3' } },
      sentence: /^A request is answered 504 after 300 ms\.$/,
      before: async () => expect((await slow()).status).toBe(200),
      after: async () => {
        const { status, ms } = await slow();
        expect(status).toBe(504);
        expect(ms).toBeGreaterThan(290);
      },
    });
  });

  onMesh('turns away what is over the limits of the breaker', async portal => {
    const caller = await Caller.of('orion', 'gateway-service');
    const crowd = async () =>
      caller.sendMany(
        12,
        HOST,
        { ...OWN_DATA, headers: { 'x-answer-after-ms': '200' } },
        12,
      );
    await goThrough(portal, {
      tab: 'routes',
      button: 'Circuit breaker: this service',
      answers: {
        texts: {
          'Connections at most': '1',
          'Waiting requests at most': '1',
        },
      },
      sentence: /1 connection.*1 waiting/,
      before: async () =>
        expect(new Set(statuses(await crowd()))).toEqual(new Set([200])),
      after: async () => {
        const answers = await crowd();
        const refused = answers.filter(({ status }) => status === 503);
        expect(refused.length).toBeGreaterThan(3);
        refused.forEach(({ headers }) =>
          expect(headers).toHaveProperty('x-envoy-overloaded', 'true'),
        );
        expect(statuses(answers)).toContain(200);
      },
    });
  });

  onMesh('lets one more caller in, and nobody else', async portal => {
    const named = await Caller.of('orion', 'billing');
    const other = await Caller.of('orion', 'user-service');
    const expectOf = async (caller: Caller, path: string, status: number) =>
      expect((await caller.send(HOST, { path })).status).toBe(status);
    await goThrough(portal, {
      tab: 'security',
      button: 'Allow a caller: this service',
      answers: {
        texts: {
          'Identity, as': 'cluster.local/ns/orion/sa/billing',
          Methods: 'GET',
          Paths: '/api/auth/me',
        },
      },
      sentence: /orion\/billing/,
      before: () => expectOf(named, '/api/auth/me', 403),
      after: async () => {
        await expectOf(named, '/api/auth/me', 200);
        await expectOf(named, '/api/auth/refresh', 403);
        await expectOf(other, '/api/auth/me', 403);
      },
    });
  });

  onMesh('leads a header to its version, and nothing else', async portal => {
    const caller = await Caller.of('orion', 'gateway-service');
    const versions = async (headers: Record<string, string>) =>
      versionsOf(await caller.sendMany(4, HOST, { ...OWN_DATA, headers }));
    await goThrough(portal, {
      tab: 'routes',
      button: 'Header or cookie: rule 3',
      answers: {
        texts: { Name: 'x-beta', Value: 'yes' },
        choices: { Version: 'canary' },
      },
      sentence: /x-beta.*yes.*canary/,
      before: async () =>
        expect(await versions({ 'x-beta': 'yes' })).toEqual(['stable']),
      after: async () => {
        expect(await versions({ 'x-beta': 'yes' })).toEqual(['canary']);
        expect(await versions({ 'x-beta': 'no' })).toEqual(['stable']);
        expect(await versions({})).toEqual(['stable']);
      },
    });
  });

  onMesh('shuts plaintext out with STRICT', async portal => {
    const plain = await Caller.of('orion-batch', 'legacy-batch');
    const encrypted = await Caller.of('orion-staging', 'gateway-service');
    const get = (caller: Caller) => caller.send(STAGING, OWN_DATA);
    const getsIn = async (caller: Caller) =>
      expect((await get(caller)).status).toBe(200);
    await goThrough(portal, {
      tab: 'security',
      placement: 'demo:orion-staging:auth-service',
      button: 'mTLS mode: this service',
      answers: { choices: { Mode: 'STRICT' } },
      sentence: /^At the pods of auth-service, only mTLS is let in\.$/,
      before: async () => {
        await getsIn(plain);
        await getsIn(encrypted);
      },
      after: async () => {
        expect((await get(plain)).error).toBeDefined();
        await getsIn(encrypted);
      },
    });
  });
});
