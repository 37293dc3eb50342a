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

/** A commit, and upon which ones it stands. */
export interface ForgeCommit extends BranchHead {
  parents: string[];
}

/** A file as a commit makes it, with what is there now. */
export type CommittedFile = FileChange & { before?: ForgeFile };

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
  files: readonly CommittedFile[];
}

/** A commit to be made on a branch that is there. */
export interface NextCommit {
  branch: string;
  /** The head of the branch, as somebody saw it. */
  head: string;
  message: string;
  /** With what is there at that head. */
  files: readonly CommittedFile[];
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

/** What a pull request says of itself. */
export interface RequestWords {
  title: string;
  body: string;
}

/** A pull request to be opened. */
export interface NewRequest extends RequestWords {
  branch: string;
  base: string;
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
  /** Makes a commit and tells its id; refused as a conflict where its branch is there already, or a file is no longer as it was. */
  commit(commit: NewCommit): Promise<string>;
  /**
   * Makes a commit upon the head of a branch, and tells its id; refused as a conflict where a file that it is about is no longer as it was at
   * that head, on GitHub where the branch has any other head.
   */
  append(commit: NextCommit): Promise<string>;
  /** The newest commits up to a branch or commit, the newest first. */
  history(ref: string): Promise<ForgeCommit[]>;
  /** The newest request from one branch to another, in whatever state. */
  find(branch: string, base: string): Promise<PullRequest | undefined>;
  open(request: NewRequest): Promise<PullRequest>;
  /** Gives a request another title and description. */
  reword(number: number, words: RequestWords): Promise<void>;
  /** The newest commit of a request; of one that was merged, the newest that was merged. */
  lastCommit(number: number): Promise<string>;
}
