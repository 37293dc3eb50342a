import { screen, within } from '@testing-library/react';
import { production, routesView } from '../__fixtures__/views';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../__testUtils__/renderOnEntityPage';
import { RoutesTab } from '../routes/RoutesTab';

const address = {
  entityRef: 'component:default/auth-service',
  placement: production.id,
};

/** The Routes tab with the drawer of its VirtualService open. */
async function openDrawer() {
  const view = routesView();
  const page = renderOnEntityPage(<RoutesTab />, {
    api: mockMeshApi({ routes: async () => view }),
  });
  await page.user.click(
    await screen.findByRole('button', { name: 'Show YAML of rule 2' }),
  );
  const object = view.objects.find(({ kind }) => kind === 'VirtualService')!;
  const { apiVersion, kind, namespace, name } = object;
  return { ...page, object, ref: { apiVersion, kind, namespace, name } };
}

describe('EditableDrawer', () => {
  it('previews what somebody wrote, and nothing as long as it is the same', async () => {
    const { user, api, object, ref } = await openDrawer();
    await user.click(await screen.findByRole('button', { name: 'Edit…' }));
    const form = within(await screen.findByRole('dialog', { name: /^Edit / }));
    const text = form.getByLabelText('YAML');
    expect(text).toHaveValue(object.yaml);
    expect(form.getByRole('button', { name: 'Preview' })).toBeDisabled();
    await user.clear(text);
    await user.click(text);
    await user.paste(`${object.yaml}# as agreed\n`);
    await user.click(form.getByRole('button', { name: 'Preview' }));
    expect(api.previewChange).toHaveBeenCalledWith(address, {
      what: {
        intent: 'editObject',
        object: ref,
        seen: object.resourceVersion,
        yaml: `${object.yaml}# as agreed\n`,
      },
    });
    await screen.findByRole('dialog', { name: 'Preview of the change' });
  });

  it('previews a deletion before anything goes', async () => {
    const { user, api, object, ref } = await openDrawer();
    await user.click(await screen.findByRole('button', { name: 'Delete…' }));
    expect(api.previewChange).toHaveBeenCalledWith(address, {
      what: {
        intent: 'deleteObject',
        object: ref,
        seen: object.resourceVersion,
      },
    });
    await screen.findByRole('dialog', { name: 'Preview of the change' });
    expect(api.applyChange).not.toHaveBeenCalled();
  });
});
