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
import { commitOf, type CommitOnForge } from './commitOf';
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
  commit({ branch, startsFrom, message, files }: NewCommit): Promise<string> {
    const to = { branch: startsFrom, new_branch: branch };
    return this.changed(to, message, files);
  }

  /** The same holds of a branch that is there: what somebody pushes to other files at that very moment stays, below this commit. */
  append({ branch, message, files }: NextCommit): Promise<string> {
    return this.changed({ branch }, message, files);
  }

  async history(ref: string): Promise<ForgeCommit[]> {
    const found = await this.repository.find<CommitOnForge[]>('/commits', {
      sha: ref,
      limit: '50',
      stat: 'false',
    });
    return (found ?? []).map(commitOf);
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

  async reword(number: number, words: RequestWords): Promise<void> {
    await this.repository.send('PATCH', `/pulls/${number}`, words);
  }

  /** The request itself tells the head of its branch, also of what was pushed after it was merged. */
  async lastCommit(number: number): Promise<string> {
    const [{ object }] = await this.repository.get<
      { object: { sha: string } }[]
    >(`/git/refs/pull/${number}/head`);
    return object.sha;
  }

  private async changed(
    to: { branch: string; new_branch?: string },
    message: string,
    files: readonly CommittedFile[],
  ): Promise<string> {
    const { commit } = await this.repository.post<{ commit: { sha: string } }>(
      '/contents',
      {
        ...to,
        message,
        files: files.map(file => ({
          operation: actionOf(file),
          path: file.path,
          ...(file.before && { sha: file.before.id }),
          ...(file.text !== undefined && { content: base64Of(file.text) }),
        })),
      },
    );
    return commit.sha;
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
