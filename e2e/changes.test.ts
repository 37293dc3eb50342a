import { onPortal } from './portal';
import { VirtualService } from './stage';

const rule = new VirtualService('orion-staging', 'auth-service');
const PLACE = '?placement=demo:orion-staging:auth-service';

describe('changing a service', () => {
  beforeAll(() => rule.remember());
  afterAll(() => rule.restore());

  onPortal(
    'sets a timeout where it is read, tells what was changed, and takes it back',
    async portal => {
      const { page } = portal;
      const before = await rule.read();
      await portal.visitComponent('auth-service', 'routes', PLACE);
      await page
        .getByRole('button', { name: 'Timeout: rule 1', exact: true })
        .click();
      const form = page.getByRole('dialog', { name: 'Timeout: rule 1' });
      await form.getByLabel('Seconds').fill('7.5');
      await portal.photograph('change-form');
      await form.getByRole('button', { name: 'Preview' }).click();

      const apply = async () => {
        const preview = page.getByRole('dialog', {
          name: 'Preview of the change',
        });
        await preview
          .getByText('The API server accepts this (dry run).')
          .waitFor();
        const consent = preview.getByText(/^I know what this does/);
        if (await consent.isVisible()) {
          await consent.click();
        }
        await preview.getByLabel(/^Why/).fill('it hangs');
        await preview.getByRole('button', { name: 'Apply' }).click();
        await page.getByRole('status').getByText('Applied').waitFor();
      };
      await apply();
      const sentence = 'A request is answered 504 after 7.5 s.';
      expect(JSON.stringify((await rule.read()).spec)).toContain('"7.5s"');

      const panel = portal.section('Changes');
      await panel.getByText(sentence).first().waitFor();
      await panel.getByText('it hangs').first().waitFor();
      await portal.photograph('changes');
      await panel.getByRole('button', { name: `Undo: ${sentence}` }).click();
      await apply();
      await panel.getByText('taken back', { exact: true }).waitFor();
      expect((await rule.read()).spec).toEqual(before.spec);
    },
    60,
  );

  onPortal(
    'says in the form what does not fit, and in the preview what cannot be',
    async portal => {
      const { page } = portal;
      await portal.visitComponent('auth-service', 'security', PLACE);
      await page
        .getByRole('button', { name: 'Allow a caller: this service' })
        .click();
      const form = page.getByRole('dialog', {
        name: 'Allow a caller: this service',
      });
      portal.provokes(/changes\/preview/);
      const preview = form.getByRole('button', { name: 'Preview' });
      expect(await preview.isDisabled()).toBe(true);
      await form.getByLabel(/^Identity/).fill('nobody');
      await preview.click();
      await page.getByRole('dialog', { name: 'No preview' }).waitFor();
      await page.getByText(/is no identity in the mesh/).waitFor();
    },
    60,
  );
});
