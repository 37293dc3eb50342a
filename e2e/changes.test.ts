import { applyPreview, previewForm, undoChange } from './changing';
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
      const before = await rule.read();
      await portal.visitComponent('auth-service', 'routes', PLACE);
      await previewForm(portal, 'Timeout: rule 1', {
        texts: { Seconds: '7.5' },
      });
      const sentence = 'A request is answered 504 after 7.5 s.';
      expect(await applyPreview(portal, 'it hangs')).toBe(sentence);
      expect(JSON.stringify((await rule.read()).spec)).toContain('"7.5s"');

      const panel = portal.section('Changes');
      await panel.getByText(sentence).first().waitFor();
      await panel.getByText('it hangs').first().waitFor();
      await portal.photograph('changes');
      await undoChange(portal, sentence);
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
