import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { Forge, PullRequest } from '../pullRequests/Forge';
import { ForgeError } from '../pullRequests/ForgeError';
import { ChangeRequests } from './ChangeRequests';

const REQUEST = {
  repository: 'https://git.example.com/a/b',
  base: 'main',
  number: 7,
  url: 'https://git.example.com/a/b/pulls/7',
};

/** What is asked of the forge is only what became of a request. */
function requestsWhere(find: () => PullRequest | undefined): ChangeRequests {
  return ChangeRequests.create({
    forges: {
      of: () => ({ find: async () => find() } as Partial<Forge> as Forge),
    },
    access: {} as MeshClusterAccess,
    deadlineMs: 1,
  });
}
const told = (state: PullRequest['state']) => (): PullRequest => ({
  ...REQUEST,
  state,
});
const failing = (error: Error) => () => {
  throw error;
};

describe('a request', () => {
  it.each<[string, boolean, () => PullRequest | undefined]>([
    ['open', true, told('open')],
    ['merged', false, told('merged')],
    ['closed', false, told('closed')],
    ['not there', false, () => undefined],
    [
      'on a forge that does not answer',
      true,
      failing(new ForgeError('unavailable', 'No.')),
    ],
    [
      'on a forge that does not let the portal see it',
      true,
      failing(new ForgeError('refused', 'No.')),
    ],
    [
      'where the portal asks no more',
      false,
      failing(new ForgeError('notConfigured', 'No.')),
    ],
  ])(
    'that is %s stands in the way of another: %p',
    async (_which, is, find) => {
      expect(await requestsWhere(find).isOpen('c-1', REQUEST)).toBe(is);
    },
  );

  it('that is being opened stands in the way, and nobody is asked', async () => {
    const { repository, base } = REQUEST;
    const requests = requestsWhere(failing(new Error('asked')));
    expect(await requests.isOpen('c-1', { repository, base })).toBe(true);
    await expect(requests.isOpen('c-1', REQUEST)).rejects.toThrow('asked');
  });
});
