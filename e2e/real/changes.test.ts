import type { SendCommand } from '../../tools/real-mesh/src/AppClient';
import {
  applyPreview,
  type FormAnswers,
  previewForm,
  undoChange,
} from '../changing';
import { eventually, report } from '../eventually';
import type { Portal, Tab } from '../portal';
import { Caller, mesh, valuesBy, versionsOf } from './mesh';
import { inForce, onMesh } from './onMesh';

const HOST = 'auth-service.orion';
const STAGING = 'auth-service.orion-staging';
const IN_STAGING = '?placement=demo:orion-staging:auth-service';
const SEVERAL = 12;
const OWN_DATA = { path: '/api/auth/me' };

/** Long enough for all proxies to have it before it ends. */
const FAULT_MINUTES = 0.5;

/** What stands in the rules of auth-service, and beside them. */
async function authRoute() {
  const { spec, metadata } = await mesh.api.get({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace: 'orion', name: 'auth-service' },
  });
  const { annotations = {} } = metadata;
  return { spec, annotations };
}

/** One thing that can be changed, and what comes of it. */
interface Trial {
  tab: Tab;
  /** Of the address: which placement. */
  search?: string;
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
  const { tab, search, button, answers, before, after } = trial;
  await inForce(before);
  await portal.visitComponent('auth-service', tab, search);
  await previewForm(portal, button, answers);
  const sentence = await applyPreview(portal, 'to see what comes of it');
  expect(sentence).toMatch(trial.sentence);
  await inForce(after);
  await portal.photograph(`after ${button}`);
  await undoChange(portal, sentence);
  await inForce(before);
}

/** Sends several at once, so that each pod gets some, and answers how they ended, each end once. */
async function endsOf(
  caller: Caller,
  host: string,
  request: Partial<SendCommand>,
): Promise<(number | string)[]> {
  const answers = await caller.sendMany(SEVERAL, host, request);
  return [...new Set(answers.map(({ status }) => status ?? 'no answer'))];
}

describe('changing a service of a real mesh', () => {
  onMesh('cuts slow answers off after a timeout', async portal => {
    const caller = await Caller.of('orion', 'gateway-service');
    const slow = {
      ...OWN_DATA,
      headers: { 'x-answer-after-ms': '600' },
    };
    await goThrough(portal, {
      tab: 'routes',
      button: 'Timeout: rule 3',
      answers: { texts: { Seconds: '0.3' } },
      sentence: /^A request is answered 504 after 300 ms\.$/,
      before: async () =>
        expect(await endsOf(caller, HOST, slow)).toEqual([200]),
      after: async () => {
        expect(await endsOf(caller, HOST, slow)).toEqual([504]);
        expect((await caller.send(HOST, slow)).ms).toBeGreaterThan(290);
        expect(await endsOf(caller, HOST, OWN_DATA)).toEqual([200]);
      },
    });
  });

  onMesh('turns away what is over the limits of the breaker', async portal => {
    const caller = await Caller.of('orion', 'gateway-service');
    const request = { ...OWN_DATA, headers: { 'x-answer-after-ms': '200' } };
    const crowd = () => caller.sendMany(SEVERAL, HOST, request);
    await goThrough(portal, {
      tab: 'routes',
      button: 'Circuit breaker: this service',
      answers: {
        texts: {
          'Connections at most': '1',
          'Waiting requests at most': '1',
        },
      },
      sentence: /^At most 1 connection; at most 1 waiting request\.$/,
      before: async () =>
        expect(await endsOf(caller, HOST, request)).toEqual([200]),
      after: async () => {
        const answers = await crowd();
        const refused = answers.filter(({ status }) => status === 503);
        // Each of its threads has a connection of its own.
        expect(refused.length).toBeGreaterThan(SEVERAL / 4);
        refused.forEach(({ headers }) =>
          expect(headers).toHaveProperty('x-envoy-overloaded', 'true'),
        );
        expect(answers.map(({ status }) => status)).toContain(200);
      },
    });
    const turnedAway = await valuesBy(
      'response_flags',
      'istio_requests_total{reporter="source",source_workload="gateway-service",destination_service_name="auth-service",response_code="503"}',
    );
    expect(turnedAway.UO).toBeGreaterThan(0);
  });

  onMesh('lets one more caller in, and nobody else', async portal => {
    const named = await Caller.of('orion', 'billing');
    const other = await Caller.of('orion', 'user-service');
    const expectEnds = async (caller: Caller, path: string, status: number) =>
      expect(await endsOf(caller, HOST, { path })).toEqual([status]);
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
      sentence: /^orion\/billing may call auth-service: GET \/api\/auth\/me\.$/,
      before: () => expectEnds(named, '/api/auth/me', 403),
      after: async () => {
        await expectEnds(named, '/api/auth/me', 200);
        await expectEnds(named, '/api/auth/refresh', 403);
        await expectEnds(other, '/api/auth/me', 403);
      },
    });
  });

  onMesh('leads a header to its version, and nothing else', async portal => {
    const caller = await Caller.of('orion', 'gateway-service');
    const versions = async (headers: Record<string, string>) =>
      versionsOf(
        await caller.sendMany(SEVERAL, HOST, { ...OWN_DATA, headers }),
      );
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

  onMesh(
    'breaks requests for a time, and ends that by itself',
    async portal => {
      const caller = await Caller.of('orion', 'gateway-service');
      const expectEnd = async (status: number) =>
        expect(await endsOf(caller, HOST, OWN_DATA)).toEqual([status]);
      const before = await authRoute();
      await inForce(() => expectEnd(200));
      await portal.visitComponent('auth-service', 'routes');
      await previewForm(portal, 'Fault for a time: rule 3', {
        texts: {
          'Per cent of requests': '100',
          'Are answered with status': '503',
          'Ends by itself after minutes': String(FAULT_MINUTES),
        },
      });
      const sentence = await applyPreview(
        portal,
        'to see what callers make of it',
      );
      const applied = Date.now();
      expect(sentence).toMatch(
        /^100 % are answered 503, on purpose\. It ends by itself after 30 s\.$/,
      );
      await inForce(() => expectEnd(503));
      expect((await caller.send(HOST, OWN_DATA)).body).toBe(
        'fault filter abort',
      );
      // The other rules go on.
      const asTester = { ...OWN_DATA, headers: { 'x-canary': 'true' } };
      expect(await endsOf(caller, HOST, asTester)).toEqual([200]);
      const row = portal
        .section('Changes')
        .getByRole('row')
        .filter({ hasText: sentence, hasNotText: 'Ended by itself' });
      await row
        .getByText(/^ends by itself in \d+ s, at \d\d:\d\d:\d\d$/)
        .waitFor();
      await portal.photograph('a fault that ends');

      await row
        .getByText('ended', { exact: true })
        .waitFor({ timeout: FAULT_MINUTES * 2 * 60_000 });
      await inForce(() => expectEnd(200));
      const lastedMs = Date.now() - applied;
      expect(lastedMs).toBeGreaterThan(FAULT_MINUTES * 60_000 - 1000);
      report(`a fault of 30 s had ended everywhere after ${lastedMs / 1000} s`);
      expect(await authRoute()).toEqual(before);
      const broken = await valuesBy(
        'response_flags',
        'istio_requests_total{reporter="source",source_workload="gateway-service",destination_service_name="auth-service",response_code="503"}',
      );
      expect(broken.FI).toBeGreaterThan(0);
    },
  );

  onMesh('shuts plaintext out with STRICT', async portal => {
    const plain = await Caller.of('orion-batch', 'legacy-batch');
    const encrypted = await Caller.of('orion-staging', 'gateway-service');
    const endsFor = (caller: Caller) => endsOf(caller, STAGING, OWN_DATA);
    const expectOfCallers = async (words: RegExp) =>
      expect(await portal.section('Callers').innerText()).toMatch(words);
    await portal.visitComponent('auth-service', 'security', IN_STAGING);
    // The page knows of it as soon as Prometheus counted it twice.
    await eventually(async () => {
      await endsFor(plain);
      await expectOfCallers(/legacy-batch.*STRICT would block it/s);
    }, 60);
    await goThrough(portal, {
      tab: 'security',
      search: IN_STAGING,
      button: 'mTLS mode: this service',
      answers: { choices: { Mode: 'STRICT' } },
      sentence: /^At the pods of auth-service, only mTLS is let in\.$/,
      before: async () => {
        expect(await endsFor(plain)).toEqual([200]);
        expect(await endsFor(encrypted)).toEqual([200]);
      },
      after: async () => {
        expect(await endsFor(plain)).toEqual(['no answer']);
        expect(await endsFor(encrypted)).toEqual([200]);
        expect(await portal.verdict()).toMatch(
          /legacy-batch called without encryption and cannot get in any more/,
        );
        await expectOfCallers(/legacy-batch.*STRICT blocks it/s);
      },
    });
  });
});
