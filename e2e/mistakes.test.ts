import { onPortal } from './portal';

const CASES = [
  {
    name: 'no-annotation',
    title: 'This entity does not say which Kubernetes Service it is',
    mend: /Add these lines to its catalog-info\.yaml/,
  },
  {
    name: 'no-such-namespace',
    title: 'An annotation names a namespace that does not exist',
    mend: /"orion-prdo".*Did you mean orion\?.*Correct backstage\.io\/kubernetes-namespace in its catalog-info\.yaml/s,
  },
  {
    name: 'no-such-cluster',
    title: 'An annotation names a cluster that is not configured',
    mend: /"moon".*Correct backstage\.io\/kubernetes-cluster in its catalog-info\.yaml to one of demo/s,
  },
  {
    name: 'hostile-annotation',
    title: 'An annotation of this entity cannot be read',
    mend: /meshdeck\.io\/services is "\.\.\/\.\.\/istio-system\/istiod".*Correct it in catalog-info\.yaml/s,
  },
];

describe('a mistake in the catalog', () => {
  for (const { name, title, mend } of CASES) {
    onPortal(
      `${name}: its card and its tabs say where to mend it`,
      async portal => {
        const { page } = portal;
        const saysSo = async () => {
          await page.getByRole('heading', { name: title }).waitFor();
          expect(await portal.main.innerText()).toMatch(mend);
          expect(await page.getByRole('alert').count()).toBe(0);
        };
        await portal.onEachTab(name, saysSo);
      },
    );
  }

  onPortal('no-annotation: its lines can be copied', async portal => {
    const { page } = portal;
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write']);
    await portal.visitComponent('no-annotation', 'routes');
    await page.getByRole('button', { name: 'Copy these lines' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain(
      'meshdeck.io/services: default/no-annotation',
    );
  });
});

describe('a source that fails', () => {
  onPortal('is named, and the rules still show', async portal => {
    const { page } = portal;
    // What the backend says where Prometheus refuses connections.
    await page.route(/\/api\/mesh\/v1\/.*\/routes(\?|$)/, async handled => {
      const response = await handled.fetch();
      const view = await response.json();
      for (const source of view.sources) {
        if (source.id === 'prometheus') {
          source.status = 'down';
          source.since = '2026-01-05T09:30:00Z';
          source.message = 'It refuses connections.';
          delete source.asOf;
        }
      }
      for (const { destinations } of view.rules) {
        for (const destination of destinations) {
          delete destination.liveShare;
          delete destination.errorShare;
        }
      }
      await handled.fulfill({ response, json: view });
    });
    await portal.visitComponent('auth-service', 'routes');

    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(
      /^Prometheus does not answer since \d\d:\d\d:\d\d\s+It refuses connections\. Rates, shares and latencies are missing\. The rest of the page holds\.$/,
    );
    const rules = await page.getByRole('list', { name: 'Rules' }).innerText();
    expect(rules).toMatch(
      /\/api\/auth\/login\*.*90 %\s+stable.*10 %\s+canary/s,
    );
    expect(rules).not.toContain('now');
    expect(await page.getByRole('alert').count()).toBe(1);
  });

  onPortal(
    'a backend that fails is named, and the page mends itself',
    async portal => {
      const { page } = portal;
      portal.provokes(/503/);
      let isFailing = false;
      await page.route(/\/api\/mesh\/v1\/.*\/routes(\?|$)/, handled =>
        isFailing
          ? handled.fulfill({
              status: 503,
              json: {
                error: {
                  name: 'ServiceUnavailableError',
                  message: 'upstream is restarting',
                },
              },
            })
          : handled.continue(),
      );
      await portal.visitComponent('auth-service', 'routes');
      const rules = page.getByRole('list', { name: 'Rules' });
      await rules.waitFor();
      isFailing = true;
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page
        .getByRole('alert')
        .getByText(
          /The mesh backend is not available\. Shown is the last known state/,
        )
        .waitFor();
      expect(await rules.isVisible()).toBe(true);
      isFailing = false;
      await page.getByRole('alert').waitFor({ state: 'detached' });
    },
  );
});
