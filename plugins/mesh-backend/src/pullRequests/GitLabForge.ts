import type {
  BranchHead,
  Forge,
  ForgeFile,
  NewCommit,
  PullRequest,
} from './Forge';
import type { ForgeClient } from './ForgeClient';
import { ForgeError } from './ForgeError';
import { textOf } from './gitTree';

const PER_PAGE = 100;
const MOST_PAGES = 100;

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

  private readonly project: string;

  /** @param path - of the project with its groups: `group/sub/name`. */
  constructor(private readonly client: ForgeClient, path: string) {
    this.project = `/projects/${encodeURIComponent(path)}`;
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
        `/repository/branches/${encodeURIComponent(branch)}`,
      ),
    );
    return found && { commit: found.commit.id, message: found.commit.message };
  }

  async list(commit: string, folder: string): Promise<ForgeFile[]> {
    const files: ForgeFile[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const items = await this.client.found(
        this.get<{ path: string; id: string; mode: string; type: string }[]>(
          '/repository/tree',
          {
            ref: commit,
            path: folder,
            recursive: 'true',
            per_page: String(PER_PAGE),
            page: String(page),
          },
        ),
      );
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

  async read({ path, id }: ForgeFile): Promise<string> {
    const { text } = await this.client.ask({
      path: `${this.project}/repository/blobs/${id}/raw`,
    });
    return textOf(path, Buffer.from(text));
  }

  async commit({
    branch,
    parent,
    startsFrom,
    message,
    files,
  }: NewCommit): Promise<void> {
    const actions = await Promise.all(
      files.map(async ({ path, text, before }) => ({
        action: actionOf(text, before),
        file_path: path,
        ...(text !== undefined && {
          content: Buffer.from(text).toString('base64'),
          encoding: 'base64',
        }),
        // A branch that is there may move on meanwhile; a new one starts from the commit that was read.
        ...(before &&
          !startsFrom && {
            last_commit_id: await this.lastCommit(path, parent),
          }),
      })),
    );
    await this.send('/repository/commits', {
      branch,
      ...(startsFrom && { start_sha: parent }),
      commit_message: message,
      actions,
    });
  }

  async find(branch: string, base: string): Promise<PullRequest | undefined> {
    const [newest] = await this.get<MergeRequest[]>('/merge_requests', {
      source_branch: branch,
      target_branch: base,
      state: 'all',
      order_by: 'created_at',
      sort: 'desc',
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
      await this.send<MergeRequest>('/merge_requests', {
        source_branch: branch,
        target_branch: base,
        title,
        description: body,
        remove_source_branch: true,
      }),
    );
  }

  private async lastCommit(path: string, ref: string): Promise<string> {
    const { last_commit_id: id } = await this.get<{ last_commit_id: string }>(
      `/repository/files/${encodeURIComponent(path)}`,
      { ref },
    );
    return id;
  }

  private get<T>(path: string, query?: Record<string, string>): Promise<T> {
    return this.client.json<T>({ path: this.project + path, query });
  }

  private send<T>(path: string, body: object): Promise<T> {
    return this.client.json<T>({
      method: 'POST',
      path: this.project + path,
      body,
    });
  }
}

function actionOf(text: string | undefined, before: ForgeFile | undefined) {
  if (text === undefined) {
    return 'delete';
  }
  return before ? 'update' : 'create';
}

function pullRequestOf(request: MergeRequest): PullRequest {
  const { iid: number, web_url: url, state } = request;
  if (state === 'merged') {
    // Fast-forwarded ones have neither.
    const commit =
      request.merge_commit_sha ?? request.squash_commit_sha ?? request.sha;
    return { number, url, state, mergeCommit: commit };
  }
  return { number, url, state: state === 'closed' ? 'closed' : 'open' };
}
