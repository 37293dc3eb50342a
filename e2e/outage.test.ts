import { eventually, report } from './eventually';
import { onPortal } from './portal';
import { startKubernetes, stopKubernetes, VirtualService } from './stage';

const LOGIN = 0;
const route = new VirtualService('orion', 'auth-service');

describe('a cluster that goes and comes back', () => {
  beforeAll(() => route.remember());
  afterEach(async () => {
    await startKubernetes();
    await route.restore();
  });

  onPortal(
    'keeps the last state, says how old it is, and goes on by itself',
    async portal => {
      const { page } = portal;
      await portal.visitComponent('auth-service', 'routes');
      const login = page
        .getByRole('list', { name: 'Rules' })
        .getByRole('listitem', { name: 'Rule 1: login' });
      await login.getByText('times out after 10 s').waitFor();
      const alert = page.getByRole('alert');
      expect(await alert.count()).toBe(0);

      await stopKubernetes();
      const noticed = await eventually(
        async () =>
          expect(await alert.allInnerTexts()).toEqual([
            expect.stringMatching(/^Kubernetes: what is shown is \d+ s old/),
          ]),
        10,
      );
      expect(await login.innerText()).toContain('times out after 10 s');
      await page.getByText(/It was true at \d\d:\d\d:\d\d/).waitFor();

      await startKubernetes();
      await route.setTimeout(LOGIN, '12s');
      const recovered = await eventually(async () => {
        expect(await login.innerText()).toContain('times out after 12 s');
        expect(await alert.count()).toBe(0);
      }, 30);
      expect(await login.innerText()).toMatch(/90 % \(now [\d.]+ %\)/);
      report(
        `the outage was on the page after ${noticed.toFixed(
          1,
        )} s; after its end the page was well and new in ${recovered.toFixed(
          1,
        )} s`,
      );
    },
    90,
  );
});
