import { screen, within } from '@testing-library/react';
import {
  ChangeConflictError,
  type ChangedObject,
} from '@meshdeck/plugin-mesh-common';
import { destinationRule } from '../__fixtures__/objects';
import { mendPreview } from '../__fixtures__/changes';
import { openForm } from './__testUtils__/changeForm';

describe('ChangeDialog', () => {
  it('shows all objects of a change in their order, and applies what was seen of each', async () => {
    const subsets: ChangedObject = {
      object: { ...destinationRule, name: 'auth-versions' },
      action: 'change',
      resourceVersion: '17',
      before: 'spec: {}\n',
      after: 'spec:\n  subsets: []\n',
    };
    const { user, api, form } = await openForm('Timeout: rule 1', {
      previewChange: async () => ({ ...mendPreview, first: [subsets] }),
      applyChange: async () => {
        throw new ChangeConflictError({
          current: { ...destinationRule, name: 'auth-versions', yaml: 'new' },
          seen: '17',
          message: 'DestinationRule orion/auth-versions was changed.',
        });
      },
    });
    await user.type(form.getByLabelText(/^Seconds/), '2');
    await user.click(form.getByRole('button', { name: 'Preview' }));
    const preview = within(
      await screen.findByRole('dialog', { name: 'Preview of the change' }),
    );
    expect(
      preview.getByText(/^2 objects are written in this order\./),
    ).toBeVisible();
    expect(
      preview.getAllByRole('heading', { level: 3 }).map(h => h.textContent),
    ).toEqual([
      'What changes in DestinationRule orion/auth-versions',
      'What changes in DestinationRule orion/auth-service',
    ]);
    await user.click(preview.getByRole('button', { name: 'Apply' }));
    expect(api.applyChange.mock.calls[0][1]).toMatchObject({
      resourceVersion: '48300',
      first: [{ object: subsets.object, resourceVersion: '17' }],
    });
    const conflict = within(
      await screen.findByRole('dialog', {
        name: 'Somebody else changed it first',
      }),
    );
    // Against what was seen of that very object.
    expect(conflict.getByText('spec: {}')).toBeVisible();
  });

  it('opens a pull request for what Argo CD delivers, and says where it is', async () => {
    const url = 'https://git.example.com/shop/pulls/7';
    const { user, api, form } = await openForm('Timeout: rule 1', {
      previewChange: async () => ({
        ...mendPreview,
        revertedBy: 'Argo CD',
        pullRequest: {
          repository: 'https://git.example.com/shop.git',
          base: 'main',
          files: [
            {
              path: 'eu/auth.yaml',
              before: 'timeout: 1s # ours\n',
              after: 'timeout: 2s # ours\n',
            },
          ],
        },
      }),
      applyChange: async () => ({
        object: destinationRule,
        sentence: 'A request is answered 504 after 2 s.',
        request: url,
      }),
    });
    await user.type(form.getByLabelText('Seconds'), '2');
    await user.click(form.getByRole('button', { name: 'Preview' }));
    const preview = within(
      await screen.findByRole('dialog', { name: 'Preview of the change' }),
    );
    expect(
      preview.getByRole('heading', { name: 'What changes in eu/auth.yaml' }),
    ).toBeVisible();
    expect(preview.getByRole('button', { name: 'Apply' })).toBeDisabled();
    await user.click(
      preview.getByRole('button', { name: 'Open pull request' }),
    );
    expect(api.applyChange.mock.calls[0][1]).toMatchObject({
      asPullRequest: true,
      resourceVersion: '48300',
    });
    expect(
      await screen.findByText(/^The pull request is open\./),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: url })).toHaveAttribute(
      'href',
      url,
    );
  });

  it('says which pull request would be updated, and updates the one that was seen', async () => {
    const url = 'https://git.example.com/shop/pulls/7';
    const { user, api, form } = await openForm('Timeout: rule 1', {
      previewChange: async () => ({
        ...mendPreview,
        revertedBy: 'Argo CD',
        pullRequest: {
          repository: 'https://git.example.com/shop.git',
          base: 'main',
          files: [{ path: 'eu/auth.yaml', before: '1s\n', after: '2s\n' }],
          updates: { url, sentence: 'At most 3 s.', head: 'a1b2' },
        },
      }),
      applyChange: async () => ({
        object: destinationRule,
        sentence: 'At most 2 s.',
        request: url,
      }),
    });
    await user.type(form.getByLabelText('Seconds'), '2');
    await user.click(form.getByRole('button', { name: 'Preview' }));
    const preview = within(
      await screen.findByRole('dialog', { name: 'Preview of the change' }),
    );
    expect(
      preview.getByText(/^It updates the pull request .*: At most 3 s\./),
    ).toBeVisible();
    expect(preview.getByRole('link', { name: url })).toHaveAttribute(
      'href',
      url,
    );
    expect(
      preview.queryByRole('button', { name: 'Open pull request' }),
    ).toBeNull();
    await user.click(
      preview.getByRole('button', { name: 'Update pull request' }),
    );
    expect(api.applyChange.mock.calls[0][1]).toMatchObject({
      asPullRequest: true,
      requestHead: 'a1b2',
    });
  });

  it('says why there can be no pull request, and asks before it writes all the same', async () => {
    const { user, form } = await openForm('Timeout: rule 1', {
      previewChange: async () => ({
        ...mendPreview,
        revertedBy: 'Flux',
        pullRequest: { refused: 'A template makes the file.' },
      }),
    });
    await user.type(form.getByLabelText('Seconds'), '2');
    await user.click(form.getByRole('button', { name: 'Preview' }));
    const preview = within(
      await screen.findByRole('dialog', { name: 'Preview of the change' }),
    );
    expect(preview.getByText('A template makes the file.')).toBeVisible();
    expect(
      preview.queryByRole('button', { name: 'Open pull request' }),
    ).toBeNull();
    await user.click(preview.getByRole('checkbox'));
    expect(preview.getByRole('button', { name: 'Apply' })).toBeEnabled();
  });
});
