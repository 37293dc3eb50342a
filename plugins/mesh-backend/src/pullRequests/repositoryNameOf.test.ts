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

it('says what is not configured, and quotes no password', () => {
  const attempt = () =>
    forgeAt('https://u:secret@git.example.com/team/shop', {});
  expect(attempt).toThrow(
    'The portal has no account on git.example.com: no entry of integrations.github, .gitlab or .gitea is for it.',
  );
  expect(() => forgeAt('https://github.com/team/sub/shop', {})).toThrow(
    'team/sub/shop is no owner/repository',
  );
});
