/** A file of a repository at a commit. */
export interface ForgeFile {
  /** From the root of the repository. */
  path: string;
  /** Of its content, as git names it (a blob). */
  id: string;
  /** As git writes it; `120000` is a link. */
  mode: string;
}

/** A file as it is to be; without text it is to be gone. */
export interface FileChange {
  path: string;
  text?: string;
}

/** The newest commit of a branch. */
export interface BranchHead {
  commit: string;
  message: string;
}

/** A commit to be made, on a branch of its own. */
export interface NewCommit {
  /** New. */
  branch: string;
  /** What it stands on. */
  parent: string;
  /** The branch whose head that is. */
  startsFrom: string;
  message: string;
  /** With what is there at the parent now. */
  files: readonly (FileChange & { before?: ForgeFile })[];
}

/** A pull request, or merge request. */
export interface PullRequest {
  number: number;
  /** For people. */
  url: string;
  state: 'open' | 'merged' | 'closed';
  /** Of a merged one: the commit by which its changes came to its base. */
  mergeCommit?: string;
}

/** A pull request to be opened. */
export interface NewRequest {
  branch: string;
  base: string;
  title: string;
  body: string;
}

/** A repository on a forge. Each call throws a ForgeError with a sentence where it is not done. */
export interface Forge {
  /** `GitHub`, `GitLab` or `Gitea`. */
  readonly name: string;
  /** The branch that the repository calls its own. */
  defaultBranch(): Promise<string>;
  /** Undefined where there is no such branch. */
  head(branch: string): Promise<BranchHead | undefined>;
  /** All files in a folder and below, at a commit; none where there is no such folder. */
  list(commit: string, folder: string): Promise<ForgeFile[]>;
  /** The text of a file. */
  read(file: ForgeFile): Promise<string>;
  /** Makes a commit; refused as a conflict where its branch is there already, or a file is no longer as it was. */
  commit(commit: NewCommit): Promise<void>;
  /** The newest request from one branch to another, in whatever state. */
  find(branch: string, base: string): Promise<PullRequest | undefined>;
  open(request: NewRequest): Promise<PullRequest>;
}
