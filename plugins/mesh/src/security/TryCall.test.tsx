import { screen } from '@testing-library/react';
import {
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import { production } from '../__fixtures__/views';
import { SecurityTab } from './SecurityTab';

describe('trying a call', () => {
  it('tries a call with a token, once the token has an issuer', async () => {
    const { user, api } = renderOnEntityPage(<SecurityTab />);
    await user.type(await screen.findByLabelText('Token claims'), 'role=admin');
    const ask = screen.getByRole('button', { name: 'What does it get?' });
    expect(ask).toBeDisabled();
    await user.type(screen.getByLabelText('Token issuer'), 'https://idp');
    await user.type(screen.getByLabelText('Token subject'), 'jo');
    await user.click(ask);
    expect(api.tryCall).toHaveBeenLastCalledWith(
      expect.anything(),
      expect.objectContaining({
        jwt: {
          issuer: 'https://idp',
          subject: 'jo',
          claims: { role: 'admin' },
        },
      }),
    );
  });

  it('tries a call from inside and from outside the mesh', async () => {
    const { user, api, choose } = renderOnEntityPage(<SecurityTab />);
    await choose(/From/, 'orion/billing');
    await user.clear(screen.getByLabelText('Path'));
    await user.type(screen.getByLabelText('Path'), '/api/auth/me');
    await user.click(screen.getByRole('button', { name: 'What does it get?' }));
    expect(
      await screen.findByText(/Denied \(403\)\. auth-service-policy allows/),
    ).toBeVisible();
    const address = {
      entityRef: 'component:default/auth-service',
      placement: production.id,
    };
    expect(api.tryCall).toHaveBeenLastCalledWith(address, {
      from: 'orion/billing',
      method: 'GET',
      path: '/api/auth/me',
      port: 8080,
    });

    await choose(/From/, 'a caller outside the mesh');
    await user.click(screen.getByRole('button', { name: 'What does it get?' }));
    expect(api.tryCall).toHaveBeenLastCalledWith(
      address,
      expect.objectContaining({ from: undefined }),
    );
  });

  it('says why a call could not be tried', async () => {
    const { user } = renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({
        tryCall: jest.fn(async () => {
          throw responseError(400, 'port 1 is not of this service');
        }),
      }),
    });
    await user.click(
      await screen.findByRole('button', { name: 'What does it get?' }),
    );
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('No answer to this call');
    expect(alert).toHaveTextContent('port 1 is not of this service');
  });
});
