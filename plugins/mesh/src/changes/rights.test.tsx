import { screen, within } from '@testing-library/react';
import { changesView } from '../__fixtures__/changes';
import { routesView } from '../__fixtures__/views';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../__testUtils__/renderOnEntityPage';
import { RoutesTab } from '../routes/RoutesTab';
import { SecurityTab } from '../security/SecurityTab';

const CHANGE = 'This needs the permission mesh.service.change.';
const CANARY = 'This needs the permission mesh.canary.run.';

/** A page whose reader lacks some permissions. */
async function pageWithout(tab: JSX.Element, cannot: Record<string, string>) {
  const page = renderOnEntityPage(tab, {
    api: mockMeshApi({
      routes: async () => ({
        ...routesView(),
        findings: [
          {
            code: 'MD0101',
            level: 'warning',
            object: routesView().objects[0],
            message: 'This limit has no effect.',
            fix: 'Rename it.',
            mend: 'The limit gets the name that Istio reads.',
          },
        ],
      }),
      changes: async () => ({ ...changesView(), cannot }),
    }),
  });
  await screen.findByRole('table', { name: 'Changes' });
  return page;
}

const button = (name: RegExp) => screen.getAllByRole('button', { name });

describe('what a reader may not do', () => {
  it('is shown, cannot be begun, and says what is missing', async () => {
    await pageWithout(<RoutesTab />, { 'mesh.service.change': CHANGE });
    const forms = button(/^[A-Z][a-z ]+: (this service|rule \d)$/);
    expect(forms.length).toBeGreaterThan(1);
    for (const one of [
      ...forms,
      ...button(/^Undo: /),
      ...button(/^Preview the fix of /),
    ]) {
      expect(one).toBeDisabled();
    }
    expect(screen.getAllByText(CHANGE).length).toBeGreaterThan(2);
    const changes = screen.getByRole('table', { name: 'Changes' });
    expect(within(changes).getByText(CHANGE)).toBeVisible();
  });

  it('is no text and no deletion where one of two permissions is missing', async () => {
    const { user } = await pageWithout(<RoutesTab />, {
      'mesh.canary.run': CANARY,
    });
    expect(button(/^Undo: /)[0]).toBeEnabled();
    await user.click(button(/^Show YAML of rule 2$/)[0]);
    for (const name of ['Edit…', 'Delete…']) {
      expect(await screen.findByRole('button', { name })).toBeDisabled();
    }
    expect(screen.getByText(CANARY)).toBeVisible();
  });

  it('is only what needs the permission', async () => {
    await pageWithout(<SecurityTab />, { 'mesh.security.change': 'No.' });
    expect(button(/^mTLS/)[0]).toBeDisabled();
    expect(button(/^Restart/)[0]).toBeEnabled();
    expect(button(/^Undo: /)[0]).toBeEnabled();
  });
});
