import type {
  BranchHead,
  Forge,
  ForgeFile,
  NewCommit,
  NewRequest,
  PullRequest,
} from './Forge';
import { actionOf, base64Of } from './fileAction';
import type { ForgeRepository } from './ForgeRepository';
import { filesBelow, type GitTree, readBlob } from './gitTree';
import { type PullOnForge, pullRequestOf } from './pullRequestOf';

const PER_PAGE = 1000;
const MOST_PAGES = 20;

interface TreePage {
  /** `null` where there is nothing on the page. */
  tree: GitTree['tree'] | null;
  total_count?: number;
}

interface GiteaPull extends PullOnForge {
  merged: boolean;
}

/** A repository on Gitea or Forgejo, by its contents API. */
export class GiteaForge implements Forge {
  readonly name = 'Gitea';

  constructor(private readonly repository: ForgeRepository) {}

  defaultBranch(): Promise<string> {
    return this.repository.defaultBranch();
  }

  head(branch: string): Promise<BranchHead | undefined> {
    return this.repository.head(`/branches/${branchPath(branch)}`);
  }

  list(commit: string, folder: string): Promise<ForgeFile[]> {
    return filesBelow(commit, folder, (id, isRecursive) =>
      this.tree(id, isRecursive),
    );
  }

  read(file: ForgeFile): Promise<string> {
    return readBlob(this.repository, file);
  }

  /** Where a file is no longer as it was at the parent, Gitea refuses; the branch may have moved on elsewhere. */
  async commit({
    branch,
    startsFrom,
    message,
    files,
  }: NewCommit): Promise<void> {
    await this.repository.post('/contents', {
      branch: startsFrom,
      new_branch: branch,
      message,
      files: files.map(file => ({
        operation: actionOf(file),
        path: file.path,
        ...(file.before && { sha: file.before.id }),
        ...(file.text !== undefined && { content: base64Of(file.text) }),
      })),
    });
  }

  async find(branch: string, base: string): Promise<PullRequest | undefined> {
    const found = await this.repository.find<GiteaPull>(
      `/pulls/${encodeURIComponent(base)}/${branchPath(branch)}`,
    );
    return found && pullRequestOf(found, found.merged);
  }

  async open(request: NewRequest): Promise<PullRequest> {
    const { branch: head, ...rest } = request;
    const body = { head, ...rest };
    const opened = await this.repository.post<GiteaPull>('/pulls', body);
    return pullRequestOf(opened, opened.merged);
  }

  /** A large tree comes in pages. */
  private async tree(id: string, isRecursive: boolean): Promise<GitTree> {
    const tree: GitTree['tree'] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const part = await this.repository.get<TreePage>(`/git/trees/${id}`, {
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
}

function branchPath(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}
