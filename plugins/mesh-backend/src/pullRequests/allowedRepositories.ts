import type { RepositoryPatterns } from '../config/repositoryPattern';
import { ForgeError } from './ForgeError';
import type { RepositoryName } from './repositoryNameOf';

/**
 * @param patterns - undefined where all are allowed that the portal reaches.
 * @throws ForgeError where none of them is for the repository.
 */
export function requireAllowed(
  { host, path }: RepositoryName,
  patterns: RepositoryPatterns | undefined,
): void {
  const name = `${host}/${path}`;
  if (patterns?.some(pattern => expressionOf(pattern).test(name)) === false) {
    throw new ForgeError(
      'notConfigured',
      `This portal makes no pull requests in ${name}: mesh.gitOps.repositories of its configuration does not name it. Have it added, or change the file by hand.`,
    );
  }
}

/** Forges take small and capital letters of a name for the same. */
function expressionOf(pattern: string): RegExp {
  const source = pattern
    .split(/(\*+)/)
    .map(part => {
      if (!part.startsWith('*')) {
        return part.replace(/\./g, '\\.');
      }
      return part === '*' ? '[^/]*' : '.*';
    })
    .join('');
  return new RegExp(`^${source}$`, 'i');
}
