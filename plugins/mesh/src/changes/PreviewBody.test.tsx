import { screen } from '@testing-library/react';
import { type ChangeImpact } from '@meshdeck/plugin-mesh-common';
import { mendPreview } from '../__fixtures__/changes';
import { openForm } from './__testUtils__/changeForm';

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
      'who would be blocked',
      { callers: 3, cutOff: [{ ...billing, kind: 'caller' }] },
      '1 caller without mTLS would be blocked',
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
      'would be blocked, as far as they call port 9090',
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
