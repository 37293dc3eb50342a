import { onPortal } from './portal';
import { DestinationRule } from './stage';

const rule = new DestinationRule('orion-staging', 'auth-service');

describe('mending a finding', () => {
  beforeAll(() => rule.remember());
  afterAll(() => rule.restore());

  onPortal(
    'shows what the fix would change, makes it, and the finding is gone',
    async portal => {
      const { page } = portal;
      await portal.visitComponent(
        'auth-service',
        'routes',
        '?placement=demo:orion-staging:auth-service',
      );
      const findings = portal.section('Findings');
      const button = findings.getByRole('button', {
        name: /^Preview the fix of MD0101/,
      });
      await button.click();
      const preview = page.getByRole('dialog', {
        name: 'Preview of the change',
      });
      await preview
        .getByText('The API server accepts this (dry run).')
        .waitFor();
      await preview.getByText('1 finding fixed: MD0101').waitFor();
      await portal.photograph('mending');
      const before = await rule.outlierDetection();
      expect(before).toHaveProperty('consecutiveErrors');

      await preview
        .getByText(/^I know what this does: take these fields over/)
        .click();
      await preview.getByRole('button', { name: 'Apply' }).click();
      await page.getByRole('status').getByText('Applied').waitFor();
      await button.waitFor({ state: 'detached' });
      const { consecutiveErrors, ...rest } = before;
      expect(await rule.outlierDetection()).toEqual({
        ...rest,
        consecutive5xxErrors: consecutiveErrors,
      });
    },
    60,
  );
});
