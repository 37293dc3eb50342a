import { screen, waitFor, within } from '@testing-library/react';
import { ChangeConflictError } from '@meshdeck/plugin-mesh-common';
import { destinationRule } from '../__fixtures__/objects';
import {
  mockMeshApi,
  type MeshAnswers,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import { production, routesView } from '../__fixtures__/views';
import { RoutesTab } from '../routes/RoutesTab';

const address = {
  entityRef: 'component:default/auth-service',
  placement: production.id,
};
const [finding] = routesView().findings;
const intent = {
  code: 'MD0101',
  object: destinationRule,
  path: finding.path,
};
const BUTTON =
  /^Preview the fix of MD0101 in DestinationRule orion\/auth-service/;

async function previewFix(answers: Partial<MeshAnswers> = {}) {
  const page = renderOnEntityPage(<RoutesTab />, {
    api: mockMeshApi(answers),
  });
  await page.user.click(await screen.findByRole('button', { name: BUTTON }));
  return page;
}

describe('Mending', () => {
  it('shows what a fix would change, makes it, says so and looks at the page again', async () => {
    const { user, api, intents } = await previewFix();
    const dialog = await screen.findByRole('dialog', {
      name: 'Preview of the change',
    });
    expect(
      await within(dialog).findByText(/consecutiveErrors becomes/),
    ).toBeVisible();
    expect(dialog).toHaveTextContent('1 finding fixed: MD0101');
    expect(
      within(dialog).getByRole('region', {
        name: 'What changes in DestinationRule orion/auth-service',
      }),
    ).toHaveTextContent(/removed:\s+consecutiveErrors: 5/);
    expect(api.applyMend).not.toHaveBeenCalled();

    const reads = api.routes.mock.calls.length;
    await user.type(screen.getByLabelText(/^Why/), 'as agreed');
    await user.click(screen.getByRole('button', { name: 'Apply' }));
    expect(await screen.findByText('Applied')).toBeVisible();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(api.previewMend).toHaveBeenCalledWith(
      address,
      expect.objectContaining({ code: 'MD0101', path: finding.path }),
    );
    expect(api.applyMend).toHaveBeenCalledWith(
      address,
      expect.objectContaining({
        code: intent.code,
        path: intent.path,
        resourceVersion: '48300',
        reason: 'as agreed',
      }),
    );
    expect(api.routes.mock.calls.length).toBeGreaterThan(reads);
    expect(intents()).toEqual(['preview MD0101', 'apply MD0101']);

    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByText('Applied')).not.toBeInTheDocument();
  });

  it('offers nothing where there is no one safe way', async () => {
    const view = routesView();
    view.findings = [{ ...finding, mend: undefined }];
    renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ routes: async () => view }),
    });
    expect(await screen.findByText(finding.message)).toBeVisible();
    expect(screen.queryByRole('button', { name: BUTTON })).toBeNull();
  });

  it('shows what there is now where somebody was faster', async () => {
    const { user } = await previewFix({
      applyMend: async () => {
        throw new ChangeConflictError({
          current: { ...destinationRule, yaml: 'interval: 7s' },
          seen: '48300',
          message: 'Somebody changed it 4 s after your preview.',
        });
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Apply' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Somebody else changed it first',
    });
    expect(dialog).toHaveTextContent('4 s after your preview');
    expect(dialog).toHaveTextContent('interval: 7s');
  });

  it('says which permission is missing', async () => {
    const message =
      'This needs the permission mesh.service.change for component:default/auth-service.';
    await previewFix({
      previewMend: async () => {
        throw responseError(403, message);
      },
    });
    const dialog = await screen.findByRole('dialog', { name: 'No preview' });
    await waitFor(() => expect(dialog).toHaveTextContent(message));
  });
});
