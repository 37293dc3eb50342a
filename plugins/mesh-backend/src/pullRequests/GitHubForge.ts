import type {
  BranchHead,
  Forge,
  ForgeFile,
  NewCommit,
  PullRequest,
} from './Forge';
import type { ForgeClient } from './ForgeClient';
import { filesBelow, type GitTree, textOf } from './gitTree';

interface GitHubPull {
  number: number;
  html_url: string;
  state: string;
  merged_at?: string | null;
  merge_commit_sha?: string | null;
}

/** A repository on GitHub, by its Git data API. */
export class GitHubForge implements Forge {
  readonly name = 'GitHub';

  private readonly repository: string;

  constructor(
    private readonly client: ForgeClient,
    private readonly owner: string,
    repository: string,
  ) {
    this.repository = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(
      repository,
    )}`;
  }

  async defaultBranch(): Promise<string> {
    const { default_branch: branch } = await this.get<{
      default_branch: string;
    }>('');
    return branch;
  }

  async head(branch: string): Promise<BranchHead | undefined> {
    const found = await this.client.found(
      this.get<{ commit: { sha: string; commit: { message: string } } }>(
        `/branches/${encodeURIComponent(branch)}`,
      ),
    );
    return (
      found && {
        commit: found.commit.sha,
        message: found.commit.commit.message,
      }
    );
  }

  list(commit: string, folder: string): Promise<ForgeFile[]> {
    return filesBelow(commit, folder, (id, isRecursive) =>
      this.get<GitTree>(
        `/git/trees/${id}`,
        isRecursive ? { recursive: '1' } : undefined,
      ),
    );
  }

  async read({ path, id }: ForgeFile): Promise<string> {
    const { content } = await this.get<{ content: string }>(`/git/blobs/${id}`);
    return textOf(path, Buffer.from(content, 'base64'));
  }

  async commit({
    branch,
    parent,
    startsFrom,
    message,
    files,
  }: NewCommit): Promise<void> {
    const { tree: base } = await this.get<{ tree: { sha: string } }>(
      `/git/commits/${parent}`,
    );
    const tree = await this.send<{ sha: string }>('POST', '/git/trees', {
      base_tree: base.sha,
      tree: files.map(({ path, text, before }) => ({
        path,
        type: 'blob',
        mode: before?.mode ?? '100644',
        ...(text === undefined ? { sha: null } : { content: text }),
      })),
    });
    const commit = await this.send<{ sha: string }>('POST', '/git/commits', {
      message,
      tree: tree.sha,
      parents: [parent],
    });
    if (startsFrom) {
      await this.send('POST', '/git/refs', {
        ref: `refs/heads/${branch}`,
        sha: commit.sha,
      });
    } else {
      await this.send('PATCH', `/git/refs/heads/${branchPath(branch)}`, {
        sha: commit.sha,
        force: false,
      });
    }
  }

  async find(branch: string, base: string): Promise<PullRequest | undefined> {
    const [newest] = await this.get<GitHubPull[]>('/pulls', {
      head: `${this.owner}:${branch}`,
      base,
      state: 'all',
      sort: 'created',
      direction: 'desc',
      per_page: '1',
    });
    return newest && pullRequestOf(newest);
  }

  async open({
    branch,
    base,
    title,
    body,
  }: Parameters<Forge['open']>[0]): Promise<PullRequest> {
    return pullRequestOf(
      await this.send<GitHubPull>('POST', '/pulls', {
        head: branch,
        base,
        title,
        body,
        maintainer_can_modify: true,
      }),
    );
  }

  private get<T>(path: string, query?: Record<string, string>): Promise<T> {
    return this.client.json<T>({ path: this.repository + path, query });
  }

  private send<T>(
    method: 'POST' | 'PATCH',
    path: string,
    body: object,
  ): Promise<T> {
    return this.client.json<T>({ method, path: this.repository + path, body });
  }
}

function pullRequestOf(pull: GitHubPull): PullRequest {
  const { number, html_url: url, merged_at: mergedAt } = pull;
  if (mergedAt) {
    return {
      number,
      url,
      state: 'merged',
      mergeCommit: pull.merge_commit_sha ?? undefined,
    };
  }
  // The merge commit of an open one is only a trial.
  return { number, url, state: pull.state === 'open' ? 'open' : 'closed' };
}

function branchPath(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}
