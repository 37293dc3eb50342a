import { ForgeError } from './ForgeError';
import type { RepositoryName } from './repositoryNameOf';

/** Patterns of repositories, as `github.com/acme/*`: `*` stands for what one part of the name may be, `**` for several parts. */
export type RepositoryPatterns = readonly string[];

const PATTERN = /^[\w.*-]+(:\d+)?(\/[\w.*-]+)+$/;

/** Whether a text is a pattern with a host and a path. */
export function isRepositoryPattern(text: string): boolean {
  return PATTERN.test(text);
}

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
