import { ConfigReader } from '@backstage/config';
import { isRepositoryPattern } from '../config/repositoryPattern';
import { requireAllowed } from './allowedRepositories';
import { ForgeError } from './ForgeError';
import { Forges } from './Forges';
import { repositoryNameOf } from './repositoryNameOf';

const allows = (url: string, patterns?: string[]) => {
  try {
    requireAllowed(repositoryNameOf(url), patterns);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ForgeError);
    return false;
  }
};

describe('the repositories that are allowed', () => {
  it.each<[string, string[] | undefined, boolean]>([
    ['https://github.com/acme/shop', undefined, true],
    ['https://github.com/acme/shop', [], false],
    ['https://github.com/acme/shop.git', ['github.com/acme/*'], true],
    ['git@github.com:acme/shop.git', ['github.com/acme/*'], true],
    ['https://github.com/Acme/Shop', ['github.com/acme/shop'], true],
    ['https://github.com/acme/shop', ['a/b', 'github.com/acme/s*p'], true],
    ['https://github.com/acme/shopping', ['github.com/acme/shop'], false],
    ['https://github.com/acme-evil/shop', ['github.com/acme/*'], false],
    ['https://evil.com/github.com/acme/shop', ['github.com/acme/*'], false],
    ['https://githubXcom/acme/shop', ['github.com/acme/*'], false],
    ['https://github.com@evil.com/acme/shop', ['github.com/acme/*'], false],
    ['https://git.example.com/a/b/c', ['git.example.com/a/*'], false],
    ['https://git.example.com/a/b/c', ['git.example.com/a/**'], true],
    ['https://git.example.com:8443/a/b', ['git.example.com/a/b'], false],
    ['https://git.example.com:8443/a/b', ['git.example.com:8443/a/b'], true],
  ])('%s with %p: %p', (url, patterns, expected) => {
    expect(allows(url, patterns)).toBe(expected);
  });

  it.each([
    ['github.com/acme/*', true],
    ['git.example.com:8443/a/**', true],
    ['*/acme/*', true],
    ['github.com', false],
    ['https://github.com/acme/*', false],
    ['github.com/acme/(shop|web)', false],
    ['', false],
  ])('%p is a pattern: %p', (text, expected) => {
    expect(isRepositoryPattern(text)).toBe(expected);
  });

  it('are held against before anything is asked, and the sentence names the setting', () => {
    const config = new ConfigReader({
      integrations: { github: [{ host: 'github.com', token: 'x' }] },
    });
    const forges = Forges.fromConfig(config, {
      deadlineMs: 1,
      repositories: ['github.com/acme/*'],
    });
    expect(forges.of('https://github.com/acme/shop').name).toBe('GitHub');
    expect(() => forges.of('https://github.com/other/shop')).toThrow(
      'This portal makes no pull requests in github.com/other/shop: mesh.gitOps.repositories of its configuration does not name it.',
    );
  });
});
