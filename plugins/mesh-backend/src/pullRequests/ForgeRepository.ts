import type { BranchHead, ForgeFile } from './Forge';
import type { ForgeAnswer, ForgeClient } from './ForgeClient';
import type { KeptBlobs } from './KeptBlobs';

/** One repository on a forge, and what is asked of all forges in the same way. */
export class ForgeRepository {
  constructor(
    private readonly options: {
      client: ForgeClient;
      /** With its host, as its URL has it. */
      name: string;
      blobs: KeptBlobs;
      /** Where it lies in the API. */
      path: string;
    },
  ) {}

  get<T>(path: string, query?: Record<string, string>): Promise<T> {
    return this.options.client.json<T>({
      path: this.options.path + path,
      query,
    });
  }

  /** Undefined where there is no such thing. */
  find<T>(
    path: string,
    query?: Record<string, string>,
  ): Promise<T | undefined> {
    return this.options.client.found(this.get<T>(path, query));
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.send<T>('POST', path, body);
  }

  send<T>(
    method: 'POST' | 'PATCH' | 'PUT',
    path: string,
    body: object,
  ): Promise<T> {
    return this.options.client.json<T>({
      method,
      path: this.options.path + path,
      body,
    });
  }

  /** What is no JSON. */
  raw(path: string): Promise<ForgeAnswer> {
    return this.options.client.ask({ path: this.options.path + path });
  }

  async defaultBranch(): Promise<string> {
    const { default_branch: branch } = await this.get<{
      default_branch: string;
    }>('');
    return branch;
  }

  /** Of a branch at a place of the API, as GitLab and Gitea tell it. */
  async head(path: string): Promise<BranchHead | undefined> {
    const found = await this.find<{ commit: { id: string; message: string } }>(
      path,
    );
    return found && { commit: found.commit.id, message: found.commit.message };
  }

  /** The text of a file, where it is not known yet. */
  read(file: ForgeFile, ask: () => Promise<string>): Promise<string> {
    const { blobs, name } = this.options;
    return blobs.read(name, file, ask);
  }
}
