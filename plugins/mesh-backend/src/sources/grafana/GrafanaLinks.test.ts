import { closeServers, serve } from '../../__testUtils__/serve';
import { GrafanaLinks } from './GrafanaLinks';

const PLACE = { namespace: 'orion', service: 'auth&service' };
const VARIABLES = { service: 'svc', namespace: 'ns' };

afterEach(closeServers);

/** A Grafana that finds whatever contains the words, as the real one does. */
async function startGrafana(titles: string[]) {
  const asked: string[] = [];
  const url = await serve((req, res) => {
    const { pathname, searchParams } = new URL(req.url!, 'http://grafana');
    asked.push(`${pathname}?${searchParams}`);
    const query = searchParams.get('query') ?? '';
    res.end(
      JSON.stringify(
        titles
          .filter(title => title.includes(query))
          .map((title, index) => ({ uid: `uid-${index}`, title })),
      ),
    );
  });
  return { url, asked };
}

const linksOf = (
  url: string,
  dashboards: { title: string; uid?: string }[],
  now?: () => number,
) =>
  GrafanaLinks.create({
    endpoint: {
      url,
      headers: {},
      publicUrl: 'https://grafana.example.com',
      dashboards: dashboards.map(one => ({ ...one, variables: VARIABLES })),
    },
    deadlineMs: 2000,
    now,
  });

describe('GrafanaLinks', () => {
  it('leads to a pinned dashboard without asking Grafana', async () => {
    const { url, asked } = await startGrafana([]);
    const pinned = { title: 'Istio Service (v2)!', uid: 'a/b' };
    expect(await linksOf(url, [pinned]).links(PLACE, '15m')).toEqual([
      {
        title: 'Istio Service (v2)!',
        url: 'https://grafana.example.com/d/a%2Fb/istio-service-v2?var-ns=orion&var-svc=auth%26service&from=now-15m&to=now',
      },
    ]);
    expect(asked).toEqual([]);
  });

  it('finds a dashboard by its whole title, once in ten minutes', async () => {
    const { url, asked } = await startGrafana([
      'Istio Service Dashboard (old)',
      'Istio Service Dashboard',
    ]);
    let now = 0;
    const links = linksOf(
      url,
      [{ title: 'Istio Service Dashboard' }],
      () => now,
    );
    for (const window of ['5m', '1h'] as const) {
      const [{ url: link }] = await links.links(PLACE, window);
      expect(link).toMatch(
        new RegExp(`/d/uid-1/istio-service-dashboard\\?.*from=now-${window}&`),
      );
    }
    expect(asked).toEqual([
      '/api/search?query=Istio+Service+Dashboard&type=dash-db',
    ]);
    now = 600_000;
    await links.links(PLACE, '5m');
    expect(asked).toHaveLength(2);
  });

  it('says what to do where there is no such dashboard', async () => {
    const { url } = await startGrafana(['Istio Service Dashboard']);
    const [link] = await linksOf(url, [{ title: 'Istio' }]).links(PLACE, '5m');
    expect(link.url).toBeUndefined();
    expect(link.message).toContain('no dashboard with the title Istio');
  });
});
