import type {
  BranchHead,
  Forge,
  ForgeFile,
  NewCommit,
  PullRequest,
} from './Forge';
import type { ForgeClient } from './ForgeClient';
import { filesBelow, type GitTree, textOf } from './gitTree';

const PER_PAGE = 1000;
const MOST_PAGES = 20;

interface TreePage {
  /** `null` where there is nothing on the page. */
  tree: GitTree['tree'] | null;
  total_count?: number;
}

interface GiteaPull {
  number: number;
  html_url: string;
  state: string;
  merged: boolean;
  merge_commit_sha?: string | null;
}

/** A repository on Gitea or Forgejo, by its contents API. */
export class GiteaForge implements Forge {
  readonly name = 'Gitea';

  private readonly repository: string;

  constructor(
    private readonly client: ForgeClient,
    owner: string,
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
      this.get<{ commit: { id: string; message: string } }>(
        `/branches/${branchPath(branch)}`,
      ),
    );
    return found && { commit: found.commit.id, message: found.commit.message };
  }

  list(commit: string, folder: string): Promise<ForgeFile[]> {
    return filesBelow(commit, folder, (id, isRecursive) =>
      this.tree(id, isRecursive),
    );
  }

  async read({ path, id }: ForgeFile): Promise<string> {
    const { content } = await this.get<{ content: string }>(`/git/blobs/${id}`);
    return textOf(path, Buffer.from(content, 'base64'));
  }

  /** Where a file is no longer as it was at the parent, Gitea refuses; the branch may have moved on elsewhere. */
  async commit({
    branch,
    startsFrom,
    message,
    files,
  }: NewCommit): Promise<void> {
    await this.send('/contents', {
      branch: startsFrom ?? branch,
      ...(startsFrom && { new_branch: branch }),
      message,
      files: files.map(({ path, text, before }) => ({
        operation: operationOf(text, before),
        path,
        ...(before && { sha: before.id }),
        ...(text !== undefined && {
          content: Buffer.from(text).toString('base64'),
        }),
      })),
    });
  }

  async find(branch: string, base: string): Promise<PullRequest | undefined> {
    const found = await this.client.found(
      this.get<GiteaPull>(
        `/pulls/${encodeURIComponent(base)}/${branchPath(branch)}`,
      ),
    );
    return found && pullRequestOf(found);
  }

  async open({
    branch,
    base,
    title,
    body,
  }: Parameters<Forge['open']>[0]): Promise<PullRequest> {
    return pullRequestOf(
      await this.send<GiteaPull>('/pulls', { head: branch, base, title, body }),
    );
  }

  /** A large tree comes in pages. */
  private async tree(id: string, isRecursive: boolean): Promise<GitTree> {
    const tree: GitTree['tree'] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const part = await this.get<TreePage>(`/git/trees/${id}`, {
        ...(isRecursive && { recursive: 'true' }),
        per_page: String(PER_PAGE),
        page: String(page),
      });
      const entries = part.tree ?? [];
      tree.push(...entries);
      if (entries.length === 0 || tree.length >= (part.total_count ?? 0)) {
        return { tree };
      }
    }
    return { tree, truncated: true };
  }

  private get<T>(path: string, query?: Record<string, string>): Promise<T> {
    return this.client.json<T>({ path: this.repository + path, query });
  }

  private send<T>(path: string, body: object): Promise<T> {
    return this.client.json<T>({
      method: 'POST',
      path: this.repository + path,
      body,
    });
  }
}

function operationOf(text: string | undefined, before: ForgeFile | undefined) {
  if (text === undefined) {
    return 'delete';
  }
  return before ? 'update' : 'create';
}

function pullRequestOf(pull: GiteaPull): PullRequest {
  const { number, html_url: url, merged } = pull;
  if (merged) {
    return {
      number,
      url,
      state: 'merged',
      mergeCommit: pull.merge_commit_sha ?? undefined,
    };
  }
  return { number, url, state: pull.state === 'open' ? 'open' : 'closed' };
}

function branchPath(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}
