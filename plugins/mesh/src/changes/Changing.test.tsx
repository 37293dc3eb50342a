import { screen, waitFor, within } from '@testing-library/react';
import {
  ChangeConflictError,
  type ChangedObject,
  type ChangeImpact,
} from '@meshdeck/plugin-mesh-common';
import { destinationRule } from '../__fixtures__/objects';
import { changesView, mendPreview } from '../__fixtures__/changes';
import { production, routesView } from '../__fixtures__/views';
import {
  mockMeshApi,
  type MeshAnswers,
  renderOnEntityPage,
} from '../__testUtils__/renderOnEntityPage';
import { RoutesTab } from '../routes/RoutesTab';
import { SecurityTab } from '../security/SecurityTab';

const address = {
  entityRef: 'component:default/auth-service',
  placement: production.id,
};
const named = {
  object: destinationRule,
  path: 'spec.http[0]',
  digest: 'abc',
};

/** The Routes tab with a form open. */
async function openForm(name: string, answers: Partial<MeshAnswers> = {}) {
  const view = routesView();
  view.rules = view.rules.map((rule, index) =>
    index === 0 ? { ...rule, named } : rule,
  );
  const page = renderOnEntityPage(<RoutesTab />, {
    api: mockMeshApi({ routes: async () => view, ...answers }),
  });
  await page.user.click(await screen.findByRole('button', { name }));
  return {
    ...page,
    form: within(await screen.findByRole('dialog', { name })),
  };
}

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

  it.each([
    ['proposed', /^waits for its pull request/],
    ['declined', /closed without a merge/],
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

describe('the preview of a policy', () => {
  const previewOf = async (impact: ChangeImpact) => {
    const page = await openForm('Timeout: rule 1', {
      previewChange: async () => ({ ...mendPreview, impact }),
    });
    await page.user.type(page.form.getByLabelText('Seconds'), '2');
    await page.user.click(page.form.getByRole('button', { name: 'Preview' }));
    return screen.findByRole('dialog', { name: 'Preview of the change' });
  };
  const nobody = {
    isWatched: true,
    isServed: true,
    callers: 0,
    refused: [],
    letIn: [],
    cutOff: [],
    concernsOthers: false,
  };
  const billing = {
    name: 'billing',
    namespace: 'orion',
    requestsPerSecond: 4.2,
    why: 'no policy allows it',
  };

  it.each<[string, Partial<ChangeImpact>, string]>([
    ['that nobody called', {}, 'Nobody called in the last 24 hours.'],
    [
      'that all may go on',
      { callers: 3 },
      'None of the 3 callers of the last 24 hours would be turned away.',
    ],
    [
      'who would be refused',
      { callers: 3, refused: [{ ...billing, allowed: 'no' }] },
      '1 caller of the last 24 hours would be refused',
    ],
    [
      'who would be cut off',
      { callers: 3, cutOff: [{ ...billing, kind: 'caller' }] },
      '1 caller without mTLS would be cut off',
    ],
    [
      'who would be let in',
      { callers: 3, letIn: [{ ...billing, allowed: 'yes' }] },
      '1 caller that was refused would be let in',
    ],
    [
      'on which port, where others stay open',
      {
        callers: 3,
        cutOff: [{ ...billing, kind: 'caller' }],
        cutOffOn: [9090],
      },
      'would be cut off, as far as they call port 9090',
    ],
    [
      'that nothing is behind the service',
      { isServed: false },
      'No workload is behind this service',
    ],
    [
      'that others are concerned',
      { concernsOthers: true },
      'only the callers of this service were looked at',
    ],
    [
      'that nobody can say',
      { isWatched: false },
      'Nobody can say who called in the last 24 hours',
    ],
  ])('says %s', async (_what, impact, sentence) => {
    const preview = await previewOf({ ...nobody, ...impact });
    expect(preview).toHaveTextContent(sentence);
    const isNamed = ['refused', 'cutOff', 'letIn'].some(key => key in impact);
    expect(preview.textContent?.includes('billing (orion) 4.2 req/s')).toBe(
      isNamed,
    );
  });
});
