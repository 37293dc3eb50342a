import { DESKTOP, onPortal } from './portal';

const SOLD_OUT = /→ inventory-service \[canary\] 503 UH/;

describe('traces of deal-service', () => {
  onPortal(
    'say where and why a deal failed, from the row of the list down to the span',
    async portal => {
      const { page } = portal;
      await portal.visitComponent('deal-service', 'traces', '?errors=true');
      const row = page
        .getByRole('table', { name: 'Traces found' })
        .getByRole('row', { name: SOLD_OUT })
        .first();
      await row.waitFor();
      await page
        .getByText(
          /^\d+ traces? with errors of the last .*× inventory-service \[canary\] 503 UH/,
        )
        .waitFor();
      await portal.photograph('traces-failed');
      expect(await row.getByRole('link').innerText()).toMatch(
        /^(GET|POST) \/\S+ → inventory-service \[canary\] 503 UH/,
      );
      // Not the link: the whole row opens the trace.
      await row.getByRole('cell').last().click();

      await page
        .getByText(
          /The call from deal-service to inventory-service \[canary\] failed first.*no healthy pod/,
        )
        .waitFor();
      const grid = page.getByRole('treegrid', { name: /^Spans/ });
      await grid
        .getByRole('row', { name: /failed only because of another/ })
        .first()
        .waitFor();
      await page
        .getByLabel('Find in this trace')
        .fill('inventory-service [canary]');
      await page
        .getByText(/^\d+ spans?$/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText(/^1 of \d+ spans?$/).waitFor();
      await portal.photograph('trace-failed');
      await grid.focus();
      await page.keyboard.press('Enter');
      const drawer = page.getByRole('dialog', {
        name: /^deal-service: → inventory-service \[canary\]/,
      });
      await drawer.getByText(/^503 UH\. The destination had/).waitFor();
      await portal.photographWindow('span-failed');

      await drawer.getByRole('button', { name: 'Close' }).click();
      await drawer.waitFor({ state: 'hidden' });
      await page.setViewportSize({ width: 360, height: DESKTOP.height });
      await page.emulateMedia({ colorScheme: 'dark' });
      await grid.waitFor();
      await portal.atRest();
      await portal.photograph('trace-failed-narrow-dark');
      expect(
        await page.evaluate(() => document.scrollingElement!.scrollWidth),
      ).toBe(360);
    },
    60,
  );
});
