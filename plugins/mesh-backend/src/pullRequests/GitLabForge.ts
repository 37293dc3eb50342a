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
import { actionOf, base64Of } from './fileAction';
import { ForgeError } from './ForgeError';
import type { ForgeRepository } from './ForgeRepository';
import { textOf } from './gitTree';

const PER_PAGE = 100;
const MOST_PAGES = 100;

interface TreeItem extends ForgeFile {
  type: string;
}

interface GitLabCommit {
  id: string;
  message: string;
  parent_ids: string[];
}

interface MergeRequest {
  iid: number;
  web_url: string;
  state: string;
  sha?: string;
  merge_commit_sha?: string | null;
  squash_commit_sha?: string | null;
}

/** A project on GitLab, by its commits API. */
export class GitLabForge implements Forge {
  readonly name = 'GitLab';

  constructor(private readonly project: ForgeRepository) {}

  defaultBranch(): Promise<string> {
    return this.project.defaultBranch();
  }

  head(branch: string): Promise<BranchHead | undefined> {
    return this.project.head(
      `/repository/branches/${encodeURIComponent(branch)}`,
    );
  }

  async list(commit: string, folder: string): Promise<ForgeFile[]> {
    const files: ForgeFile[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const items = await this.project.find<TreeItem[]>('/repository/tree', {
        ref: commit,
        path: folder,
        recursive: 'true',
        per_page: String(PER_PAGE),
        page: String(page),
      });
      files.push(
        ...(items ?? [])
          .filter(({ type }) => type === 'blob')
          .map(({ path, id, mode }) => ({ path, id, mode })),
      );
      if ((items ?? []).length < PER_PAGE) {
        return files;
      }
    }
    throw new ForgeError(
      'unavailable',
      `The folder ${folder || '/'} has more than ${
        PER_PAGE * MOST_PAGES
      } files. Point Argo CD or Flux at a smaller one.`,
    );
  }

  read(file: ForgeFile): Promise<string> {
    return this.project.read(file, async () => {
      const { text } = await this.project.raw(
        `/repository/blobs/${file.id}/raw`,
      );
      return textOf(file.path, Buffer.from(text));
    });
  }

  async commit({ branch, parent, message, files }: NewCommit): Promise<string> {
    const { id } = await this.project.post<GitLabCommit>(
      '/repository/commits',
      {
        branch,
        start_sha: parent,
        commit_message: message,
        actions: files.map(actionFor),
      },
    );
    return id;
  }

  /**
   * GitLab takes no head as a condition: it refuses where a file has another last commit than at that head, or is there already. What somebody
   * pushes to other files at that very moment stays, below this commit.
   */
  async append({ branch, head, message, files }: NextCommit): Promise<string> {
    const actions = await Promise.all(
      files.map(async file => ({
        ...actionFor(file),
        ...(file.before && {
          last_commit_id: await this.lastOf(head, file.path),
        }),
      })),
    );
    const { id } = await this.project.post<GitLabCommit>(
      '/repository/commits',
      { branch, commit_message: message, actions },
    );
    return id;
  }

  async history(ref: string): Promise<ForgeCommit[]> {
    return (await this.commits(ref, PER_PAGE)).map(
      ({ id, message, parent_ids: parents }) => ({
        commit: id,
        message,
        parents,
      }),
    );
  }

  async find(branch: string, base: string): Promise<PullRequest | undefined> {
    const [newest] = await this.project.get<MergeRequest[]>('/merge_requests', {
      source_branch: branch,
      target_branch: base,
      state: 'all',
      order_by: 'created_at',
      sort: 'desc',
      per_page: '1',
    });
    return newest && requestOf(newest);
  }

  async open({ branch, base, title, body }: NewRequest): Promise<PullRequest> {
    return requestOf(
      await this.project.post<MergeRequest>('/merge_requests', {
        source_branch: branch,
        target_branch: base,
        title,
        description: body,
        remove_source_branch: true,
      }),
    );
  }

  async reword(number: number, words: RequestWords): Promise<void> {
    await this.project.send('PUT', `/merge_requests/${number}`, {
      title: words.title,
      description: words.body,
    });
  }

  async lastCommit(number: number): Promise<string> {
    const { sha } = await this.project.get<{ sha: string }>(
      `/merge_requests/${number}`,
    );
    return sha;
  }

  /** By which commit a file came to be what it is at another. */
  private async lastOf(ref: string, path: string): Promise<string | undefined> {
    const [last] = await this.commits(ref, 1, { path });
    return last?.id;
  }

  private async commits(
    ref: string,
    most: number,
    query: Record<string, string> = {},
  ): Promise<GitLabCommit[]> {
    const found = await this.project.find<GitLabCommit[]>(
      '/repository/commits',
      { ref_name: ref, per_page: String(most), ...query },
    );
    return found ?? [];
  }
}

/** A file of a commit, in GitLab's words. */
function actionFor(file: CommittedFile) {
  return {
    action: actionOf(file),
    file_path: file.path,
    ...(file.text !== undefined && {
      content: base64Of(file.text),
      encoding: 'base64',
    }),
  };
}

function requestOf(request: MergeRequest): PullRequest {
  const { iid: number, web_url: url, state } = request;
  if (state === 'merged') {
    // Fast-forwarded ones have neither.
    const commit =
      request.merge_commit_sha ?? request.squash_commit_sha ?? request.sha;
    return { number, url, state, mergeCommit: commit };
  }
  return { number, url, state: state === 'closed' ? 'closed' : 'open' };
}
