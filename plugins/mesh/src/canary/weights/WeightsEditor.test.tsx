import { screen, waitFor, within } from '@testing-library/react';
import {
  ChangeConflictError,
  type ApplyResult,
  type ChangePreview,
  UnknownOutcomeError,
} from '@meshdeck/plugin-mesh-common';
import { virtualService, virtualServiceYaml } from '../../__fixtures__/objects';
import {
  deferred,
  mockMeshApi,
  type MeshAnswers,
  renderOnEntityPage,
  responseError,
} from '../../__testUtils__/renderOnEntityPage';
import {
  canaryView,
  NOON,
  production,
  staging,
  weightPreview,
} from '../../__fixtures__/views';
import { CanaryTab } from '../CanaryTab';

const address = {
  entityRef: 'component:default/auth-service',
  placement: production.id,
};
const [{ rule: login }, { rule: rest }] = canaryView().rules;
const intent = { rule: login, weights: { stable: 75, canary: 25 } };

/** Opens the preview of 25 % for the canary. */
async function previewQuarter(answers: Partial<MeshAnswers> = {}) {
  const page = renderOnEntityPage(<CanaryTab />, {
    api: mockMeshApi(answers),
  });
  await page.user.click(await screen.findByRole('radio', { name: '25 %' }));
  await page.user.click(screen.getByRole('button', { name: 'Preview change' }));
  return page;
}

function previewing(more: Partial<ChangePreview>) {
  return {
    previewWeights: jest.fn(async () => ({ ...weightPreview, ...more })),
  };
}

const dialog = (name: string) => screen.findByRole('dialog', { name });
const apply = () => screen.getByRole('button', { name: 'Apply' });

describe('moving traffic on the Canary tab', () => {
  it('keeps the weights at 100 % and previews only what differs', async () => {
    const { user, api } = renderOnEntityPage(<CanaryTab />);
    const canary = await screen.findByLabelText('Weight of canary in percent');
    const previewButton = screen.getByRole('button', {
      name: 'Preview change',
    });
    expect(previewButton).toBeDisabled();

    await user.clear(canary);
    await user.type(canary, '37');
    await user.tab();
    expect(screen.getByLabelText('Weight of stable in percent')).toHaveValue(
      '63',
    );
    await user.click(previewButton);
    await waitFor(() =>
      expect(api.previewWeights).toHaveBeenCalledWith(address, {
        rule: login,
        weights: { stable: 63, canary: 37 },
      }),
    );
  });

  it('moves the weights of the rule that was chosen', async () => {
    const { user, api, choose } = renderOnEntityPage(<CanaryTab />);
    await choose(/^Rule/, 'Rule 3: everything else');
    await user.click(screen.getByRole('radio', { name: '10 %' }));
    await user.click(screen.getByRole('button', { name: 'Preview change' }));
    await waitFor(() =>
      expect(api.previewWeights).toHaveBeenCalledWith(address, {
        rule: rest,
        weights: { stable: 90, canary: 10 },
      }),
    );
  });

  it('lets nothing that was set for a rule go to another one that came in its place', async () => {
    const [first, second] = canaryView().rules;
    const canary = jest.fn(async () => canaryView());
    const page = renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({ canary }),
    });
    await page.user.click(await screen.findByRole('radio', { name: '50 %' }));
    // Somebody put a rule above, and now another one stands where the first one stood.
    canary.mockResolvedValue({
      ...canaryView(),
      rules: [
        {
          ...second,
          rule: { ...first.rule, digest: 'new' },
          number: 1,
          weights: { stable: 80, canary: 20 },
        },
        { ...first, rule: { ...first.rule, path: 'spec.http[1]' }, number: 2 },
      ],
    });
    await page.refresh();
    expect(
      await screen.findByText(/is not there any more as it was/),
    ).toBeVisible();
    expect(screen.getByLabelText('Weight of canary in percent')).toHaveValue(
      '20',
    );
    expect(
      screen.getByRole('button', { name: 'Preview change' }),
    ).toBeDisabled();
    await page.user.click(screen.getByRole('radio', { name: '25 %' }));
    await page.user.click(
      screen.getByRole('button', { name: 'Preview change' }),
    );
    await waitFor(() =>
      expect(page.api.previewWeights).toHaveBeenCalledWith(address, {
        rule: { ...first.rule, digest: 'new' },
        weights: { stable: 75, canary: 25 },
      }),
    );
  });

  it('shows what would change, applies it and says so', async () => {
    const { user, api } = await previewQuarter();
    const preview = await dialog('Preview of the change');
    expect(
      await within(preview).findByText(/15 % of the requests of rule 1 move/),
    ).toBeVisible();
    expect(preview).toHaveTextContent('The API server accepts this (dry run).');
    expect(preview).toHaveTextContent('No new findings.');
    const diff = within(preview).getByRole('region', {
      name: 'What changes in VirtualService orion/auth-service',
    });
    expect(diff).toHaveTextContent(/removed:\s+weight: 90/);
    expect(diff).toHaveTextContent(/added:\s+weight: 75/);
    expect(api.applyWeights).not.toHaveBeenCalled();

    const views = api.canary.mock.calls.length;
    await user.click(apply());
    expect(
      await screen.findByText(
        'canary now gets 25 % of the requests of rule 1.',
      ),
    ).toBeVisible();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    expect(api.applyWeights).toHaveBeenCalledWith(address, {
      ...intent,
      resourceVersion: '48211',
      takeOver: undefined,
    });
    expect(api.canary.mock.calls.length).toBeGreaterThan(views);
  });

  it('writes nothing on cancel', async () => {
    const { user, api } = await previewQuarter();
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
    expect(api.applyWeights).not.toHaveBeenCalled();
    expect(screen.getByRole('radio', { name: '25 %' })).toBeChecked();
  });

  it('takes fields over, or against a tool that reverts, only on an explicit word', async () => {
    const { user, api } = await previewQuarter(
      previewing({ takesOverFrom: ['kubectl'], revertedBy: 'Argo CD' }),
    );
    expect(
      await screen.findByText('These fields belong to kubectl'),
    ).toBeVisible();
    expect(screen.getByText('Argo CD will revert this')).toBeVisible();
    expect(apply()).toBeDisabled();

    await user.click(
      screen.getByRole('checkbox', {
        name: 'I know what this does: take these fields over from kubectl, and apply although Argo CD will revert it.',
      }),
    );
    await user.click(apply());
    await waitFor(() =>
      expect(api.applyWeights).toHaveBeenCalledWith(
        address,
        expect.objectContaining({ takeOver: true }),
      ),
    );
  });

  it.each([
    [
      'a refused dry run',
      { dryRun: { ok: false, message: 'Denied by a webhook.' } },
      /refuses this.*Denied by a webhook/,
    ],
    [
      'a change of nothing',
      { after: weightPreview.before },
      'Nothing differs.',
    ],
  ])('does not apply %s', async (_, more, words) => {
    await previewQuarter(previewing(more));
    expect(await screen.findByText(words)).toBeVisible();
    expect(apply()).toBeDisabled();
  });

  it('shows findings that the change brings and fixes', async () => {
    const finding = {
      code: 'IST0101',
      level: 'error' as const,
      object: virtualService,
      message: 'Subset canary has no pods.',
      fix: 'Deploy it first.',
    };
    await previewQuarter(
      previewing({
        findingsNew: [finding],
        findingsFixed: [{ ...finding, code: 'MD0101' }],
      }),
    );
    expect(
      await screen.findByText('This would bring 1 new finding'),
    ).toBeVisible();
    expect(screen.getByText(/Subset canary has no pods/)).toBeVisible();
    expect(screen.getByText('1 finding fixed: MD0101')).toBeVisible();
  });

  it('overwrites nothing on a conflict: shows what is there now and previews again', async () => {
    const previews = jest
      .fn<Promise<ChangePreview>, []>()
      .mockResolvedValueOnce(weightPreview)
      .mockResolvedValueOnce({
        ...weightPreview,
        resourceVersion: '48300',
        sentence: '25 % move from canary back to stable.',
      });
    const applies = jest
      .fn<Promise<ApplyResult>, []>()
      .mockRejectedValueOnce(
        new ChangeConflictError({
          current: { ...virtualService, yaml: virtualServiceYaml(50, 50) },
          seen: '48211',
          message: 'kubectl changed it 4 s after your preview.',
        }),
      )
      .mockResolvedValueOnce({ object: virtualService, sentence: 'Done.' });
    const { user } = await previewQuarter({
      previewWeights: previews,
      applyWeights: applies,
    });
    await screen.findByText(weightPreview.sentence);
    await user.click(apply());

    const conflict = await dialog('Somebody else changed it first');
    expect(conflict).toHaveTextContent('Nothing was written');
    expect(conflict).toHaveTextContent('kubectl changed it 4 s after');
    const diff = within(conflict).getByRole('region', {
      name: 'What changed since the preview',
    });
    expect(diff).toHaveTextContent(/removed:\s+weight: 90/);
    expect(diff).toHaveTextContent(/added:\s+weight: 50/);
    expect(screen.queryByRole('button', { name: 'Apply' })).toBeNull();
    expect(applies).toHaveBeenCalledTimes(1);

    await user.click(screen.getByRole('button', { name: 'Preview again' }));
    await screen.findByText('25 % move from canary back to stable.');
    expect(previews).toHaveBeenLastCalledWith(address, intent);
    await user.click(apply());
    expect(await screen.findByText('Done.')).toBeVisible();
    expect(applies).toHaveBeenLastCalledWith(
      address,
      expect.objectContaining({ resourceVersion: '48300' }),
    );
  });

  it('says why it could not preview or apply', async () => {
    const previews = jest
      .fn<Promise<ChangePreview>, []>()
      .mockRejectedValueOnce(responseError(400, 'weights must add up to 100'))
      .mockResolvedValue(weightPreview);
    const { user } = await previewQuarter({
      previewWeights: previews,
      applyWeights: jest.fn(async () => {
        throw responseError(403, 'the Service names another entity');
      }),
    });
    expect(await dialog('No preview')).toHaveTextContent(
      'weights must add up to 100',
    );
    await user.click(screen.getByRole('button', { name: 'Preview again' }));
    await screen.findByText(weightPreview.sentence);
    await user.click(apply());
    const failed = await dialog('Nothing was changed');
    expect(failed).toHaveTextContent('You may not change this');
    expect(failed).toHaveTextContent('the Service names another entity');
  });

  it('does not say that nothing was changed where nobody knows', async () => {
    const { user } = await previewQuarter({
      applyWeights: jest.fn(async () => {
        throw new UnknownOutcomeError('Nobody can say whether it was written.');
      }),
    });
    await screen.findByText(weightPreview.sentence);
    await user.click(apply());
    const failed = await dialog('Nobody knows yet whether this was changed');
    expect(failed).toHaveTextContent('Nobody can say whether it was written.');
    expect(failed).toHaveTextContent('look at what the page shows now');
    expect(failed).not.toHaveTextContent('Nothing was');
  });

  it('says what is not as usual, before and after', async () => {
    const { user } = await previewQuarter({
      ...previewing({ remark: 'The cluster would store a timeout of 5s.' }),
      applyWeights: async () => ({
        object: virtualService,
        sentence: 'Done.',
        remark: 'The cluster stored a timeout of 5s.',
      }),
    });
    expect(await dialog('Preview of the change')).toHaveTextContent(
      'Not as usual',
    );
    await user.click(apply());
    expect(
      await screen.findByText('Done. The cluster stored a timeout of 5s.'),
    ).toBeVisible();
  });

  it('forgets a preview that comes after the dialog was closed', async () => {
    const late = deferred<ChangePreview>();
    const { user } = await previewQuarter({
      previewWeights: jest.fn(() => late.promise),
    });
    await dialog('Preview of the change');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    late.resolve(weightPreview);
    await late.promise;
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says why a person cannot move traffic and lets them not', async () => {
    renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({
        canary: jest.fn(async () => ({
          ...canaryView(),
          cannotChange: 'Only team-identity may. Ask them.',
        })),
      }),
    });
    expect(
      await screen.findByText('Only team-identity may. Ask them.'),
    ).toBeVisible();
    expect(screen.getByRole('radio', { name: '25 %' })).toBeDisabled();
    expect(screen.getByLabelText('Weight of canary in percent')).toBeDisabled();
  });

  it('keeps the weights a person is setting while the page refreshes', async () => {
    const page = renderOnEntityPage(<CanaryTab />);
    await page.user.click(await screen.findByRole('radio', { name: '50 %' }));
    const asked = page.api.canary.mock.calls.length;
    await page.refresh();
    await waitFor(() =>
      expect(page.api.canary.mock.calls.length).toBeGreaterThan(asked),
    );
    expect(screen.getByRole('radio', { name: '50 %' })).toBeChecked();
  });

  it('forgets the weights a person was setting when the placement is switched', async () => {
    const page = renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({
        canary: jest.fn(async ({ placement }: { placement: string }) =>
          canaryView(NOON, placement === staging.id ? staging : production),
        ),
      }),
    });
    await page.user.click(await screen.findByRole('radio', { name: '50 %' }));
    await page.choose(/Placement/, /staging/);
    await page.addressHas('placement=staging');
    expect(await screen.findByRole('radio', { name: '10 %' })).toBeChecked();
  });
});
