import { screen, within } from '@testing-library/react';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../__testUtils__/renderOnEntityPage';
import { certificatesView, opinionView } from '../__fixtures__/views';
import { SecurityTab } from './SecurityTab';

describe('the folded parts of the mTLS tab', () => {
  it.each([
    ['Who may call', 'Who may call'],
    ['Tokens', 'Token issuers'],
    ['Certificates', 'Certificates'],
  ])('keeps %s folded until it is asked for', async (heading, name) => {
    const { user, addressHas } = renderOnEntityPage(<SecurityTab />);
    const fold = await screen.findByRole('button', {
      name: new RegExp(`^${heading}`),
    });
    expect(screen.queryByRole('table', { name })).not.toBeInTheDocument();
    await user.click(fold);
    expect(screen.getByRole('table', { name })).toBeVisible();
    await addressHas('open=');
    await user.click(fold);
    expect(screen.queryByRole('table', { name })).not.toBeInTheDocument();
  });

  it('keeps what Kiali says otherwise folded, with its sentence', async () => {
    const differs = 'Kiali says degraded, Meshdeck says that all is right.';
    const { user } = renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({
        opinion: async () => ({ ...opinionView(), differs }),
      }),
    });
    const fold = await screen.findByRole('button', { name: /^Second opinion/ });
    expect(fold).toHaveTextContent(differs);
    expect(screen.queryByText(differs, { selector: 'p' })).toBeNull();
    await user.click(fold);
    expect(screen.getByText(differs, { selector: 'p' })).toBeVisible();
  });

  it('shows what the address has open: who may do what, and whose tokens', async () => {
    renderOnEntityPage(<SecurityTab />, { search: '?open=matrix,tokens' });
    const matrix = await screen.findByRole('table', { name: 'Who may call' });
    const lines = within(matrix)
      .getAllByRole('row')
      .map(row => [...row.children].map(cell => cell.textContent).join(' | '));
    expect(lines).toEqual([
      'Caller | POST /api/auth/login | everything else',
      'gateway-serviceorion | allowed | denied',
      'legacy-batchbatch | denied | denied',
      'billingorion | denied | denied',
    ]);
    expect(
      screen.getByRole('table', { name: 'Token issuers' }),
    ).toHaveTextContent(
      /login\.example\.com.*orion.*header Authorization after Bearer/,
    );
  });

  it('says when the certificates behind the calls end', async () => {
    renderOnEntityPage(<SecurityTab />, {
      search: '?open=certificates',
      api: mockMeshApi({
        certificates: async () => certificatesView(Date.now()),
      }),
    });
    const table = await screen.findByRole('table', { name: 'Certificates' });
    expect(
      screen.getByRole('button', { name: /^Certificates/ }),
    ).toHaveTextContent('the first to renew ends in 62 days');
    expect(table).toHaveTextContent('proxies of auth-service');
    expect(table).toHaveTextContent('They renew themselves.');
    expect(table).toHaveTextContent(/orion-gateway.*CN=Example CA/);
    // Less than a day is nothing to worry about where it renews itself.
    const end = within(table).getByText('ends within a day');
    expect(end.parentElement).toHaveClass('ok');
  });
});
