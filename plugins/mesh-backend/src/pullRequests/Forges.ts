import type { Config } from '@backstage/config';
import {
  DefaultGithubCredentialsProvider,
  getGiteaRequestOptions,
  getGitLabRequestOptions,
  type GithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import type { RepositoryPatterns } from '../config/repositoryPattern';
import { requireAllowed } from './allowedRepositories';
import type { Forge } from './Forge';
import { ForgeClient, type ForgeEndpoint } from './ForgeClient';
import { ForgeError } from './ForgeError';
import { GiteaForge } from './GiteaForge';
import { ForgeRepository } from './ForgeRepository';
import { GitHubForge } from './GitHubForge';
import { GitLabForge } from './GitLabForge';
import { KeptBlobs } from './KeptBlobs';
import { type RepositoryName, repositoryNameOf } from './repositoryNameOf';

/** The forges that the portal's `integrations` are for. */
export class Forges {
  static fromConfig(
    config: Config,
    options: {
      deadlineMs: number;
      /** Those in which the portal may make requests; absent: all that it reaches. */
      repositories?: RepositoryPatterns;
    },
  ): Forges {
    const integrations = ScmIntegrations.fromConfig(config);
    return new Forges(
      integrations,
      DefaultGithubCredentialsProvider.fromIntegrations(integrations),
      options,
    );
  }

  private readonly blobs = new KeptBlobs();

  private constructor(
    private readonly integrations: ScmIntegrations,
    private readonly credentials: GithubCredentialsProvider,
    private readonly options: Parameters<typeof Forges.fromConfig>[1],
  ) {}

  /**
   * A repository by its URL, as Argo CD and Flux write it. Only its host and path count: where it is asked, and with which
   * token, the portal's configuration says.
   *
   * @throws ForgeError where no integration is for its host, or it is none of those that are allowed.
   */
  of(repositoryUrl: string): Forge {
    const name = repositoryNameOf(repositoryUrl);
    requireAllowed(name, this.options.repositories);
    const { github, gitlab, gitea } = this.integrations;
    const onGitHub = github.byHost(name.host);
    // Backstage knows github.com and gitlab.com without being told, and then has no token.
    if (onGitHub?.config.token || onGitHub?.config.apps?.length) {
      return this.onGitHub(onGitHub.config, name);
    }
    const onGitLab = gitlab.byHost(name.host);
    if (onGitLab?.config.token) {
      const { config } = onGitLab;
      const client = this.client('GitLab', {
        url: config.apiBaseUrl,
        headers: async () => getGitLabRequestOptions(config).headers,
        needs: 'the scope api, and the role Developer or more in the project',
      });
      const path = pathBelow(config.baseUrl, name);
      return new GitLabForge(
        this.repository(client, name, `/projects/${encodeURIComponent(path)}`),
      );
    }
    const onGitea = gitea.byHost(name.host);
    if (onGitea?.config.password) {
      const { config } = onGitea;
      const client = this.client('Gitea', {
        url: `${config.baseUrl}/api/v1`,
        headers: async () => getGiteaRequestOptions(config).headers ?? {},
        needs: 'the scope write:repository, and write access to the repository',
      });
      const parts = twoParts(pathBelow(config.baseUrl, name));
      return new GiteaForge(this.repository(client, name, pathOf(parts)));
    }
    throw new ForgeError(
      'notConfigured',
      `The portal has no account on ${name.host}: no entry of integrations.github, .gitlab or .gitea with a token is for it. Add one, or change the file by hand.`,
    );
  }

  private onGitHub(
    { apiBaseUrl, host }: { apiBaseUrl?: string; host: string },
    name: RepositoryName,
  ): Forge {
    const parts = twoParts(name.path);
    const [owner, repository] = parts;
    const client = this.client('GitHub', {
      url: apiBaseUrl ?? `https://${host}/api/v3`,
      headers: async () => {
        const url = `https://${host}/${owner}/${repository}`;
        const { headers } = await this.credentials.getCredentials({ url });
        return { 'x-github-api-version': '2022-11-28', ...headers };
      },
      needs:
        'the permissions Contents and Pull requests, both to read and write (a classic token: the scope repo)',
    });
    return new GitHubForge(this.repository(client, name, pathOf(parts)), owner);
  }

  private repository(
    client: ForgeClient,
    { host, path: own }: RepositoryName,
    path: string,
  ): ForgeRepository {
    const { blobs } = this;
    return new ForgeRepository({ client, blobs, path, name: `${host}/${own}` });
  }

  private client(
    name: string,
    endpoint: Omit<ForgeEndpoint, 'name' | 'deadlineMs'>,
  ): ForgeClient {
    const { deadlineMs } = this.options;
    return new ForgeClient({ ...endpoint, name, deadlineMs });
  }
}

function pathOf([owner, repository]: readonly [string, string]): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(
    repository,
  )}`;
}

function twoParts(path: string): [string, string] {
  const parts = path.split('/');
  if (parts.length !== 2) {
    throw new ForgeError(
      'notConfigured',
      `${path} is no owner/repository. Check the URL that Argo CD or Flux has.`,
    );
  }
  return [parts[0], parts[1]];
}

/** The path of a repository, where the forge itself lies below a path of its host. */
function pathBelow(
  baseUrl: string | undefined,
  { path }: RepositoryName,
): string {
  const prefix = baseUrl
    ? new URL(baseUrl).pathname.replace(/^\/|\/$/g, '')
    : '';
  return prefix && path.startsWith(`${prefix}/`)
    ? path.slice(prefix.length + 1)
    : path;
}
