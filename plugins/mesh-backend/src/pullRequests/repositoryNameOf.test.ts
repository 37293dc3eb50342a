import { forgeAt } from './__testUtils__/forgeTrials';
import { repositoryNameOf } from './repositoryNameOf';

it.each([
  ['https://github.com/team/shop.git', 'github.com', 'team/shop'],
  [
    'https://user:secret@Git.Example.com:8443/team/sub/shop/',
    'git.example.com:8443',
    'team/sub/shop',
  ],
  ['git@github.com:team/shop.git', 'github.com', 'team/shop'],
  ['https://github.com/team/shop?x=/../y#z', 'github.com', 'team/shop'],
  ['ssh://git@git.example.com:2222/team/shop', 'git.example.com', 'team/shop'],
])('%s', (url, host, path) => {
  expect(repositoryNameOf(url)).toEqual({ host, path });
});

it.each([
  '',
  'team/shop',
  'https://github.com/shop',
  'https://github.com/../..',
  'https://github.com/team/..',
  'file:///etc/passwd',
  'oci://registry.example.com/team/shop',
  'https://github.com/team/%2e%2e/shop',
])('%s names no repository', url => {
  expect(() => repositoryNameOf(url)).toThrow(
    'names no host with owner and repository',
  );
});

it.each(['git.example.com', 'github.com', 'gitlab.com'])(
  'says that %s is not configured, and quotes no password',
  host => {
    expect(() => forgeAt(`https://u:secret@${host}/team/shop`, {})).toThrow(
      `The portal has no account on ${host}: no entry of integrations.github, .gitlab or .gitea with a token is for it.`,
    );
  },
);

it('asks GitHub for no deeper path than it has', () => {
  const github = [{ host: 'github.com', token: 'x' }];
  expect(() => forgeAt('https://github.com/team/sub/shop', { github })).toThrow(
    'team/sub/shop is no owner/repository',
  );
});
