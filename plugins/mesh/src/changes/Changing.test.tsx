import { screen, waitFor, within } from '@testing-library/react';
import { ChangeConflictError } from '@meshdeck/plugin-mesh-common';
import { destinationRule } from '../__fixtures__/objects';
import { changesView, mendPreview } from '../__fixtures__/changes';
import { routesView } from '../__fixtures__/views';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../__testUtils__/renderOnEntityPage';
import { SecurityTab } from '../security/SecurityTab';
import { address, named, openForm } from './__testUtils__/changeForm';

describe('Changing', () => {
  it('asks, shows what it would do, does it, and looks at what was changed again', async () => {
    const { user, api, form, intents } = await openForm('Timeout: rule 1');
    await user.type(form.getByLabelText('Seconds'), '2.5');
    await user.click(form.getByRole('button', { name: 'Preview' }));
    expect(api.previewChange).toHaveBeenCalledWith(address, {
      what: { intent: 'timeout', rule: named, timeoutMs: 2500 },
    });
    await screen.findByRole('dialog', { name: 'Preview of the change' });
    expect(api.applyChange).not.toHaveBeenCalled();

    const reads = api.changes.mock.calls.length;
    await user.type(screen.getByLabelText(/^Why/), 'it hangs');
    await user.click(screen.getByRole('button', { name: 'Apply' }));
    expect(await screen.findByText('Applied')).toBeVisible();
    expect(api.applyChange).toHaveBeenCalledWith(
      address,
      expect.objectContaining({
        what: { intent: 'timeout', rule: named, timeoutMs: 2500 },
        resourceVersion: '48300',
        reason: 'it hangs',
      }),
    );
    await waitFor(() =>
      expect(api.changes.mock.calls.length).toBeGreaterThan(reads),
    );
    expect(intents()).toEqual(['preview timeout', 'apply timeout']);
  });

  it('asks for nothing while a field does not fit, and says what is wrong', async () => {
    const { user, api, form } = await openForm('Retries: rule 1');
    await user.type(form.getByLabelText('Retries (0: none)'), 'many');
    expect(form.getByText('A whole number is expected.')).toBeVisible();
    expect(form.getByRole('button', { name: 'Preview' })).toBeDisabled();
    await user.clear(form.getByLabelText('Retries (0: none)'));
    expect(form.getByRole('button', { name: 'Preview' })).toBeEnabled();
    await user.click(form.getByRole('button', { name: 'Cancel' }));
    expect(api.previewChange).not.toHaveBeenCalled();
  });

  it('offers every version, also one that no rule names yet', async () => {
    const view = routesView();
    view.versions = ['stable', 'next'];
    const first = await openForm('Header or cookie: rule 1', {
      routes: async () => ({
        ...view,
        rules: view.rules.map(rule => ({ ...rule, named })),
      }),
    });
    await first.user.click(first.form.getByRole('button', { name: /Version/ }));
    await first.user.click(await screen.findByRole('option', { name: 'next' }));
    await first.user.type(first.form.getByLabelText('Name'), 'x-beta');
    await first.user.type(first.form.getByLabelText('Value'), 'yes');
    await first.user.click(first.form.getByRole('button', { name: 'Preview' }));
    expect(first.api.previewChange.mock.calls[0][1].what).toEqual({
      intent: 'conditionalRoute',
      rule: named,
      on: { header: 'x-beta', value: 'yes' },
      subset: 'next',
    });
  });

  it('offers nothing between versions where there are none', async () => {
    const view = routesView();
    await openForm('Timeout: rule 1', {
      routes: async () => ({
        ...view,
        versions: [],
        rules: view.rules.map(rule => ({ ...rule, named })),
      }),
    });
    expect(
      screen.queryByRole('button', { name: /^Mirror/, hidden: true }),
    ).toBeNull();
  });

  it('leaves out what was not filled in', async () => {
    const { user, api, form } = await openForm('Circuit breaker: this service');
    await user.type(
      form.getByLabelText('Errors in a row before a pod is left out'),
      '3',
    );
    await user.click(form.getByRole('button', { name: 'Preview' }));
    expect(api.previewChange.mock.calls[0][1].what).toEqual({
      intent: 'breaker',
      consecutiveErrors: 3,
    });
  });

  it('breaks something for a time, and says before when that ends', async () => {
    const { user, api, form } = await openForm('Fault for a time: rule 1', {
      previewChange: async () => ({
        ...mendPreview,
        ends: { at: '2026-02-03T12:05:00Z', lastsMs: 150_000 },
      }),
    });
    expect(
      form.getByText(/ends by itself at .+, after 5 min\.$/),
    ).toBeVisible();
    const minutes = form.getByLabelText(/^Ends by itself after minutes/);
    await user.clear(minutes);
    expect(form.queryByText(/ends by itself at/)).toBeNull();
    expect(form.getByRole('button', { name: 'Preview' })).toBeDisabled();
    await user.type(minutes, '2.5');
    expect(form.getByText(/after 2 min 30 s\.$/)).toBeVisible();
    await user.clear(form.getByLabelText(/^Are answered with status/));
    await user.type(form.getByLabelText(/^Wait so many seconds/), '0.5');
    await user.click(form.getByRole('button', { name: 'Preview' }));
    expect(api.previewChange).toHaveBeenCalledWith(address, {
      what: {
        intent: 'fault',
        rule: named,
        delay: { percent: 10, delayMs: 500 },
        abort: undefined,
        lastsMs: 150_000,
      },
    });
    const preview = within(
      await screen.findByRole('dialog', { name: 'Preview of the change' }),
    );
    expect(
      preview.getByText(/ends by itself at .+, after 2 min 30 s\.$/),
    ).toBeVisible();
  });

  it.each([
    ['proposed', /^waits for its pull request/],
    ['declined', /closed without a merge/],
    ['replaced', /^another change came to its pull request/],
  ] as const)('tells of a change that is %s', async (state, says) => {
    const view = changesView();
    const request = 'https://git.example.com/shop/pulls/7';
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({
        changes: async () => ({
          ...view,
          changes: view.changes.map(change => ({
            ...change,
            state,
            request,
            canUndo: false,
          })),
        }),
      }),
    });
    const panel = within(await screen.findByRole('table', { name: 'Changes' }));
    expect(panel.getByText(says)).toBeVisible();
    expect(panel.getByRole('link', { name: 'look at it' })).toHaveAttribute(
      'href',
      request,
    );
  });

  it('takes a change back, or shows what somebody made of it since', async () => {
    const { user, api } = renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({
        applyChange: async () => {
          throw new ChangeConflictError({
            current: { ...destinationRule, yaml: 'kind: DestinationRule\n' },
            seen: '48300',
            message: 'DestinationRule orion/auth-service was changed.',
          });
        },
      }),
    });
    const panel = within(await screen.findByRole('table', { name: 'Changes' }));
    expect(panel.getByText('the database is slow')).toBeVisible();
    await user.click(
      panel.getByRole('button', { name: 'Undo: No more than 10 connections.' }),
    );
    await screen.findByRole('dialog', { name: 'Preview of the change' });
    expect(api.previewChange.mock.calls[0][1].what).toEqual({
      intent: 'undo',
      change: '6f4d8a1e-3b1a-4a43-9c1a-2f6f0a7a1b2c',
    });
    await user.click(screen.getByRole('button', { name: 'Apply' }));
    expect(
      await screen.findByRole('dialog', {
        name: 'Somebody else changed it first',
      }),
    ).toBeVisible();
  });
});
