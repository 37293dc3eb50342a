import { ConfigReader } from '@backstage/config';
import { DemoMesh } from '@meshdeck/demo-mesh';
import type { Verdict } from '@meshdeck/plugin-mesh-common';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import type { IncomingMessage } from 'http';
import { tmpdir } from 'os';
import { join } from 'path';
import { localhostCertificate } from '../__testUtils__/localhostCertificate';
import { closeServers } from '../__testUtils__/serve';
import { readMeshSettings } from '../config/readMeshSettings';
import { RefreshPeriod } from '../sources/RefreshPeriod';
import { SourceCache } from '../sources/SourceCache';
import { Sources } from '../sources/Sources';
import {
  Answer,
  DETAILS,
  healthy,
  PLACEMENT,
  startKiali,
  status,
} from './__testUtils__/startKiali';
import { KialiService } from './KialiService';

const ORION = join(__dirname, '../../../../examples/platforms/orion');
const TOKEN = 'sa-token-s3cret';
const OK: Verdict = { level: 'ok', sentence: 'All right.' };
const ALL_RIGHT = { verdict: OK, findings: [] };

jest.setTimeout(60_000);

afterEach(closeServers);

/** The service as the plugin makes it from `mesh.kiali`. */
function serviceFor(kiali: object, cluster = 'demo') {
  const settings = readMeshSettings(
    new ConfigReader({ mesh: { clusters: [{ name: cluster, kiali }] } }),
  );
  const cache = SourceCache.create({
    period: RefreshPeriod.create({ periodMs: 1 }),
  });
  const sources = Sources.create({ settings, cache });
  return { service: KialiService.create({ sources }), sources };
}

describe('Kiali of the demo mesh', () => {
  let mesh: DemoMesh;

  afterEach(() => mesh.stop());

  it.each([
    ['without a login, below /kiali', undefined, '/kiali'],
    ['with a token that becomes a cookie', TOKEN, ''],
  ])('gives its opinion %s', async (_name, token, path) => {
    mesh = await DemoMesh.start({
      platforms: [ORION],
      kialiAuth: token
        ? { strategy: 'token', tokens: [token] }
        : { strategy: 'anonymous' },
    });
    const url = `${mesh.urls.kiali}${path}`;
    const { service } = serviceFor({ url, token });
    const { value, source } = await service.opinion(PLACEMENT, ALL_RIGHT);
    expect(source).toMatchObject({ id: 'kiali', status: 'ok' });
    expect(value).toMatchObject({
      version: 'v2.31.0',
      health: expect.stringMatching(/Healthy|Degraded|Failure/),
      links: {
        details: `${url}/console/namespaces/orion/services/auth-service`,
      },
    });
    expect(JSON.stringify(value)).not.toContain(TOKEN);
  });

  it.each(['refused', 'hangs', '500', 'html', 'cut'] as const)(
    'costs only its own part when it fails (%s); its links stay',
    async fault => {
      mesh = await DemoMesh.start({ platforms: [ORION] });
      await mesh.setFault('kiali', fault);
      const settings = { url: mesh.urls.kiali, token: TOKEN };
      const { service } = serviceFor(settings);
      const { value, source } = await service.opinion(PLACEMENT, ALL_RIGHT);
      expect(source).toMatchObject({ id: 'kiali', status: 'down' });
      expect(source.message).not.toContain(TOKEN);
      expect(value).toEqual({
        validations: [],
        links: expect.objectContaining({ details: expect.any(String) }),
      });
    },
  );
});

describe('KialiSource', () => {
  it('reads what Kiali 1 answers: no status, lower-case kinds, codes in the text', async () => {
    const { url } = await startKiali({
      '/api/status': status('v1.73.0'),
      [DETAILS]: () => ({
        body: {
          health: {
            requests: { inbound: { http: { '200': 90, '503': 10 } } },
          },
          validations: {
            virtualservice: {
              'auth-service.orion': {
                name: 'auth-service',
                namespace: 'orion',
                checks: [
                  {
                    message: 'KIA1107 Subset not found',
                    severity: 'warning',
                    path: 'spec/http[0]/route[1]/destination',
                  },
                ],
              },
              'quiet.orion': {
                name: 'quiet',
                namespace: 'orion',
                checks: null,
              },
            },
          },
        },
      }),
    });
    const { service } = serviceFor({ url });
    const { value } = await service.opinion(PLACEMENT, ALL_RIGHT);
    expect(value).toMatchObject({
      version: 'v1.73.0',
      health: 'Failure',
      differs: expect.stringContaining('10 % failed requests'),
      validations: [
        {
          object: {
            kind: 'VirtualService',
            namespace: 'orion',
            name: 'auth-service',
          },
          path: 'spec.http[0].route[1].destination',
          severity: 'warning',
          message: 'Subset not found',
        },
      ],
    });
  });

  it('leaves out what Kiali says of other services of the namespace', async () => {
    const remark = (name: string) => ({
      [`${name}.orion`]: {
        name,
        namespace: 'orion',
        checks: [{ message: name, severity: 'warning' }],
      },
    });
    const { url } = await startKiali({
      '/api/status': status('v2.31.0'),
      [DETAILS]: () => ({
        body: {
          health: { status: { status: 'Healthy' } },
          virtualServices: [
            { metadata: { name: 'auth-service', namespace: 'orion' } },
          ],
          destinationRules: null,
          validations: {
            'networking.istio.io/v1, Kind=VirtualService': {
              ...remark('auth-service'),
              ...remark('billing'),
            },
            'security.istio.io/v1, Kind=PeerAuthentication': remark('default'),
          },
        },
      }),
    });
    const { value } = await serviceFor({ url }).service.opinion(
      PLACEMENT,
      ALL_RIGHT,
    );
    expect(value?.validations.map(({ message }) => message)).toEqual([
      'auth-service',
      'default',
    ]);
  });

  it('asks nothing but its fixed paths, with encoded parts and known parameters', async () => {
    const { url, asked } = await startKiali({
      '/api/status': status('v2.31.0'),
    });
    const { sources } = serviceFor({ url, clusterName: 'east & west' });
    const nasty = {
      id: 'x',
      namespace: '../../authenticate?token=x#',
      service: 'a/b',
    };
    await expect(sources.kiali('demo')!.report(nasty)).rejects.toThrow(
      'Kiali refused (400)',
    );
    expect(asked.map(({ path }) => path).sort()).toEqual([
      '/api/namespaces/..%2F..%2Fauthenticate%3Ftoken%3Dx%23/services/a%2Fb',
      '/api/status',
    ]);
    expect(asked.map(({ query }) => query)).toContain(
      'validate=true&rateInterval=5m&clusterName=east+%26+west',
    );
    await expect(
      sources.kiali('demo')!.report({ ...nasty, namespace: '..' }),
    ).rejects.toThrow('no name');
    expect(asked).toHaveLength(2);
  });

  it('keeps every session cookie, and logs in again once when the session has ended', async () => {
    let session = 0;
    const isOpen = (req: IncomingMessage) =>
      req.headers.cookie ===
      `kiali-token-east=${session}a; kiali-token-chunks-east=${session}b`;
    const guarded =
      (answer: () => Answer) =>
      (req: IncomingMessage): Answer =>
        session > 0 && isOpen(req)
          ? answer()
          : { status: 401, body: 'Unauthorized' };
    const { url, asked } = await startKiali({
      '/api/status': guarded(status('v2.31.0')),
      [DETAILS]: guarded(healthy),
      '/api/authenticate': () => {
        session += 1;
        return {
          body: {},
          cookies: [
            'other=1; Path=/',
            `kiali-token-east=${session}a; Path=/; HttpOnly`,
            `kiali-token-chunks-east=${session}b; Path=/`,
            'kiali-token-gone=; Max-Age=0',
          ],
        };
      },
    });
    const { service } = serviceFor({ url, token: TOKEN });
    const first = await service.opinion(PLACEMENT, ALL_RIGHT);
    expect(first.value).toMatchObject({ health: 'Healthy' });
    const logins = () =>
      asked.filter(({ path }) => path === '/api/authenticate').length;
    expect(logins()).toBe(1);
    session = 7;
    await new Promise(resolve => setTimeout(resolve, 5));
    const second = await service.opinion(PLACEMENT, ALL_RIGHT);
    expect(second.value).toMatchObject({ health: 'Healthy' });
    expect(logins()).toBe(2);
  });

  it.each([
    ['token', TOKEN, 'does not accept the portal’s token (401)'],
    ['token', undefined, 'mesh.kiali.token'],
    ['header', undefined, 'mesh.kiali.headers'],
    ['openid', undefined, 'only people can log in'],
    [undefined, undefined, 'what stands before Kiali'],
  ])(
    'says what the strategy %s wants, token %s',
    async (strategy, token, expected) => {
      const refused = () => ({ status: 401, body: 'Unauthorized' });
      const { url, asked } = await startKiali({
        '/api/status': refused,
        [DETAILS]: refused,
        '/api/authenticate': refused,
        '/api/auth/info': () => (strategy ? { body: { strategy } } : refused()),
      });
      const { service } = serviceFor({ url, token });
      const { source } = await service.opinion(PLACEMENT, ALL_RIGHT);
      expect(source).toMatchObject({
        status: 'down',
        message: expect.stringContaining(expected),
      });
      expect(JSON.stringify(source)).not.toContain(TOKEN);
      expect(asked.length).toBeLessThan(8);
    },
  );

  it('sends the configured headers for the strategy header', async () => {
    const { url, asked } = await startKiali({
      '/api/status': status('v2.31.0'),
      [DETAILS]: healthy,
    });
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const { service } = serviceFor({ url, headers });
    const { source } = await service.opinion(PLACEMENT, ALL_RIGHT);
    expect(source.status).toBe('ok');
    expect(asked.map(request => request.headers)).toEqual([
      expect.objectContaining({ authorization: `Bearer ${TOKEN}` }),
      expect.objectContaining({ authorization: `Bearer ${TOKEN}` }),
    ]);
  });

  it('verifies a private certificate with caFile, and refuses it without', async () => {
    const tls = await localhostCertificate();
    const directory = mkdtempSync(join(tmpdir(), 'meshdeck-ca-'));
    const caFile = join(directory, 'ca.pem');
    writeFileSync(caFile, tls.cert);
    const { url } = await startKiali(
      { '/api/status': status('v2.31.0'), [DETAILS]: healthy },
      tls,
    );
    const opinionWith = async (settings: object) =>
      serviceFor(settings).service.opinion(PLACEMENT, ALL_RIGHT);
    const trusting = await opinionWith({ url, caFile });
    expect(trusting.source).toMatchObject({ status: 'ok' });
    const strict = await opinionWith({ url });
    expect(strict.source).toMatchObject({
      status: 'down',
      message: expect.stringMatching(/signed by itself: set caFile/),
    });
    const other = url.replace('localhost', '127.0.0.1');
    expect((await opinionWith({ url: other, caFile })).source).toMatchObject({
      status: 'down',
      message: expect.stringContaining('its certificate is for another host'),
    });
    rmSync(directory, { recursive: true });
  });

  it('is absent for a cluster without a Kiali, or one that nobody knows', async () => {
    const { service } = serviceFor({ url: 'http://kiali' }, 'other');
    expect(await service.opinion(PLACEMENT, ALL_RIGHT)).toEqual({
      value: undefined,
      source: { id: 'kiali', status: 'absent', message: undefined },
    });
  });
});
