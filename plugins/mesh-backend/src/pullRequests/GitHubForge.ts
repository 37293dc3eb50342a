import type {
  BranchHead,
  CommittedFile,
  Forge,
  ForgeCommit,
  ForgeFile,
  NewCommit,
  NewRequest,
  NextCommit,
  PullRequest,
  RequestWords,
} from './Forge';
import type { ForgeRepository } from './ForgeRepository';
import { filesBelow, type GitTree, readBlob } from './gitTree';
import { commitOf, type CommitOnForge } from './commitOf';
import { type PullOnForge, pullRequestOf } from './pullRequestOf';

interface GitHubPull extends PullOnForge {
  merged_at?: string | null;
}

/** A repository on GitHub, by its Git data API. */
export class GitHubForge implements Forge {
  readonly name = 'GitHub';

  constructor(
    private readonly repository: ForgeRepository,
    private readonly owner: string,
  ) {}

  defaultBranch(): Promise<string> {
    return this.repository.defaultBranch();
  }

  async head(branch: string): Promise<BranchHead | undefined> {
    const found = await this.repository.find<{
      commit: { sha: string; commit: { message: string } };
    }>(`/branches/${encodeURIComponent(branch)}`);
    return (
      found && {
        commit: found.commit.sha,
        message: found.commit.commit.message,
      }
    );
  }

  list(commit: string, folder: string): Promise<ForgeFile[]> {
    return filesBelow(commit, folder, (id, isRecursive) =>
      this.repository.get<GitTree>(
        `/git/trees/${id}`,
        isRecursive ? { recursive: '1' } : undefined,
      ),
    );
  }

  read(file: ForgeFile): Promise<string> {
    return readBlob(this.repository, file);
  }

  async commit({ branch, ...rest }: NewCommit): Promise<string> {
    const sha = await this.committed(rest);
    const ref = `refs/heads/${branch}`;
    await this.repository.post('/git/refs', { ref, sha });
    return sha;
  }

  /** Without force, GitHub moves a branch only on to what stands upon its head: nobody came between. */
  async append({ branch, head, ...rest }: NextCommit): Promise<string> {
    const sha = await this.committed({ ...rest, parent: head });
    const path = branch.split('/').map(encodeURIComponent).join('/');
    const body = { sha, force: false };
    await this.repository.send('PATCH', `/git/refs/heads/${path}`, body);
    return sha;
  }

  async history(ref: string): Promise<ForgeCommit[]> {
    const found = await this.repository.find<CommitOnForge[]>('/commits', {
      sha: ref,
      per_page: '100',
    });
    return (found ?? []).map(commitOf);
  }

  async find(branch: string, base: string): Promise<PullRequest | undefined> {
    const [newest] = await this.repository.get<GitHubPull[]>('/pulls', {
      head: `${this.owner}:${branch}`,
      base,
      state: 'all',
      sort: 'created',
      direction: 'desc',
      per_page: '1',
    });
    return newest && pullOf(newest);
  }

  async open({ branch, ...rest }: NewRequest): Promise<PullRequest> {
    const opened = await this.repository.post<GitHubPull>('/pulls', {
      ...rest,
      head: branch,
      maintainer_can_modify: true,
    });
    return pullOf(opened);
  }

  async reword(number: number, words: RequestWords): Promise<void> {
    await this.repository.send('PATCH', `/pulls/${number}`, words);
  }

  async lastCommit(number: number): Promise<string> {
    const { head } = await this.repository.get<{ head: { sha: string } }>(
      `/pulls/${number}`,
    );
    return head.sha;
  }

  /** A commit that no branch has yet. */
  private async committed(options: {
    parent: string;
    message: string;
    files: readonly CommittedFile[];
  }): Promise<string> {
    const { parent, message, files } = options;
    const { tree: base } = await this.repository.get<{ tree: { sha: string } }>(
      `/git/commits/${parent}`,
    );
    const tree = await this.repository.post<{ sha: string }>('/git/trees', {
      base_tree: base.sha,
      tree: files.map(({ path, text, before }) => ({
        path,
        type: 'blob',
        mode: before?.mode ?? '100644',
        ...(text === undefined ? { sha: null } : { content: text }),
      })),
    });
    const { sha } = await this.repository.post<{ sha: string }>(
      '/git/commits',
      { message, tree: tree.sha, parents: [parent] },
    );
    return sha;
  }
}

function pullOf(pull: GitHubPull): PullRequest {
  return pullRequestOf(pull, Boolean(pull.merged_at));
}
