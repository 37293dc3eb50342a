import { ConfigReader } from '@backstage/config';
import { closeServers } from '../__testUtils__/serve';
import { readMeshSettings } from '../config/readMeshSettings';
import { RefreshPeriod } from '../sources/RefreshPeriod';
import { SourceCache } from '../sources/SourceCache';
import { Sources } from '../sources/Sources';
import {
  DETAILS,
  healthy,
  PLACEMENT,
  startKiali,
  status,
} from './__testUtils__/startKiali';
import { OpinionService } from './OpinionService';

afterEach(closeServers);

describe('OpinionService', () => {
  it('brings Kiali, our own verdict and Grafana’s links together, whoever of them fails', async () => {
    const { url } = await startKiali({
      '/api/status': status('v2.31.0'),
      [DETAILS]: healthy,
    });
    const sourcesWith = (kialiUrl: string) =>
      Sources.create({
        settings: readMeshSettings(
          new ConfigReader({
            mesh: {
              kiali: { url: kialiUrl },
              grafana: {
                url: 'http://127.0.0.1:1',
                dashboards: [{ title: 'Ours', uid: 'u' }, { title: 'Lost' }],
              },
            },
          }),
        ),
        cache: SourceCache.create({
          period: RefreshPeriod.create({ periodMs: 1 }),
        }),
      });
    const own = {
      verdict: { level: 'error', sentence: 'Broken.' },
      findings: [],
      sources: [{ id: 'kubernetes', status: 'ok' }],
    };
    // The overview that answers here reads no cluster.
    const noClusters = {
      snapshot: () => Promise.reject(new Error('not needed')),
    };
    const view = (kialiUrl: string) =>
      OpinionService.create({
        sources: sourcesWith(kialiUrl),
        overview: { view: async () => own as any },
      }).view(noClusters, PLACEMENT, '15m');
    expect(await view(url)).toMatchObject({
      ...own,
      sources: [
        { id: 'kubernetes', status: 'ok' },
        { id: 'kiali', status: 'ok' },
      ],
      window: '15m',
      health: 'Healthy',
      differs: expect.stringContaining('Meshdeck says an error'),
      dashboards: [
        { title: 'Ours', url: expect.stringContaining('/d/u/ours?') },
        { title: 'Lost', message: expect.stringContaining('Grafana') },
      ],
    });
    expect(await view('http://127.0.0.1:1')).toMatchObject({
      verdict: own.verdict,
      sources: [{}, { id: 'kiali', status: 'down' }],
      validations: [],
      links: expect.anything(),
    });
  });
});
