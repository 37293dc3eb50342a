import { ForgeError } from './ForgeError';

/** A repository, as its URL names it. */
export interface RepositoryName {
  /** With its port, where the URL is one of the web and has another than the usual. */
  host: string;
  /** `owner/name`, or, on GitLab, with more groups. */
  path: string;
}

/** What of a name may stand in an address: nothing that leads elsewhere. */
const PATH = /^[\w.-]+(\/[\w.-]+)+$/;

/**
 * The repository of a URL as `https://host/owner/name.git`, `ssh://git@host:22/owner/name` or `git@host:owner/name.git`. A password in it is not
 * read.
 *
 * @throws ForgeError where it names none.
 */
export function repositoryNameOf(url: string): RepositoryName {
  const [, scpHost, scpPath] =
    /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(url) ?? [];
  const { host, path } = scpHost
    ? { host: scpHost, path: scpPath }
    : partsOf(url);
  const clean = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  const isSafe =
    PATH.test(clean) && !clean.split('/').some(part => /^\.+$/.test(part));
  if (!host || !isSafe) {
    throw new ForgeError(
      'notConfigured',
      'The URL of the repository that Argo CD or Flux reads names no host with owner and repository. Change the file by hand.',
    );
  }
  return { host: host.toLowerCase(), path: clean };
}

function partsOf(text: string): { host: string; path: string } {
  try {
    const { protocol, host, hostname, pathname } = new URL(text);
    const isOfWeb = protocol === 'https:' || protocol === 'http:';
    const isSsh = protocol === 'ssh:' || protocol === 'git+ssh:';
    return isOfWeb || isSsh
      ? { host: isOfWeb ? host : hostname, path: pathname }
      : { host: '', path: '' };
  } catch {
    return { host: '', path: '' };
  }
}
