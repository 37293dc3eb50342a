import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** Git without the settings of whoever runs the tests. */
export const GIT_ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

/** Whether git is here, with its HTTP server. */
export function hasGit(): boolean {
  try {
    const path = execFileSync('git', ['--exec-path']).toString().trim();
    execFileSync('test', ['-x', join(path, 'git-http-backend')]);
    return true;
  } catch {
    return false;
  }
}

/** A file of a commit; `null` takes it away. */
export interface TreeChange {
  path: string;
  mode?: string;
  content: Buffer | string | null;
}

/** A bare repository, written by git's own commands. */
export class GitRepository {
  static create(): GitRepository {
    const root = mkdtempSync(join(tmpdir(), 'forge-'));
    const repository = new GitRepository(root);
    repository.git([
      'init',
      '--quiet',
      '--bare',
      '-b',
      'main',
      repository.path,
    ]);
    return repository;
  }

  readonly path: string;
  private indexes = 0;

  private constructor(readonly root: string) {
    this.path = join(root, 'shop.git');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  head(branch: string): string | undefined {
    try {
      return this.text(['rev-parse', '--verify', '-q', `refs/heads/${branch}`]);
    } catch {
      return undefined;
    }
  }

  message(commit: string): string {
    return this.git(['log', '-1', '--format=%B', commit]).toString().trimEnd();
  }

  /** The newest commits up to a branch or commit, of those that touch a path; undefined where there is no such one. */
  log(ref: string, most: number, path?: string) {
    let out: string;
    try {
      const only = path === undefined ? [] : ['--', path];
      const format = '--format=%H%x01%P%x01%B%x00';
      out = this.text(['log', `-${most}`, format, ref, ...only]);
    } catch {
      return undefined;
    }
    return out
      .split('\0')
      .map(entry => entry.trimStart())
      .filter(Boolean)
      .map(entry => {
        const [id, parents, message] = entry.split('\x01');
        return {
          id,
          parents: parents.split(' ').filter(Boolean),
          message: message.trimEnd(),
        };
      });
  }

  /** Whether one commit stands upon another. */
  standsUpon(commit: string, other: string): boolean {
    return this.text(['merge-base', commit, other]) === other;
  }

  /** Undefined where there is no such tree or commit. */
  tree(id: string, isRecursive: boolean) {
    let out: string;
    try {
      const flags = isRecursive ? ['-r', '-t'] : [];
      out = this.git(['ls-tree', '-z', ...flags, id]).toString();
    } catch {
      return undefined;
    }
    return out
      .split('\0')
      .filter(Boolean)
      .map(line => {
        const [, mode, type, sha, path] =
          /^(\d+) (\w+) (\w+)\t([^]+)$/.exec(line) ?? [];
        return { mode, type, sha, path };
      });
  }

  /** A blob, by its id or as `commit:path`. */
  blob(id: string): Buffer | undefined {
    try {
      return this.git(['cat-file', 'blob', id]);
    } catch {
      return undefined;
    }
  }

  treeWith(base: string | undefined, changes: readonly TreeChange[]): string {
    const index = join(this.root, `index-${this.indexes++}`);
    const git = (args: string[], input?: Buffer | string) =>
      this.git(args, { input, GIT_INDEX_FILE: index });
    git(base ? ['read-tree', base] : ['read-tree', '--empty']);
    for (const { path, mode = '100644', content } of changes) {
      if (content === null) {
        git(['update-index', '--index-info'], `0 ${'0'.repeat(40)}\t${path}\n`);
      } else {
        const id = git(['hash-object', '-w', '--stdin'], content).toString();
        git([
          'update-index',
          '--add',
          '--cacheinfo',
          `${mode},${id.trim()},${path}`,
        ]);
      }
    }
    return git(['write-tree']).toString().trim();
  }

  commitTree(
    tree: string,
    parents: readonly string[],
    message: string,
  ): string {
    const flags = parents.flatMap(parent => ['-p', parent]);
    return this.git(['commit-tree', tree, ...flags], { input: message })
      .toString()
      .trim();
  }

  /** @throws Error where the branch is not at `from`; the empty text stands for none. */
  move(branch: string, to: string, from: string): void {
    this.git([
      'update-ref',
      `refs/heads/${branch}`,
      to,
      from || '0'.repeat(40),
    ]);
  }

  /** A commit on a branch, as somebody with an editor makes it. */
  commit(
    branch: string,
    changes: readonly TreeChange[],
    message: string,
  ): string {
    const head = this.head(branch);
    const commit = this.commitTree(
      this.treeWith(head, changes),
      head ? [head] : [],
      message,
    );
    this.move(branch, commit, head ?? '');
    return commit;
  }

  /** @throws Error where both changed the same lines. */
  merge(branch: string, base: string): string {
    const [ours, theirs] = [this.head(base)!, this.head(branch)!];
    const tree = this.text(['merge-tree', '--write-tree', ours, theirs]);
    const commit = this.commitTree(tree, [ours, theirs], `Merge ${branch}`);
    this.move(base, commit, ours);
    return commit;
  }

  private text(args: string[]): string {
    return this.git(args).toString().trim();
  }

  private git(
    args: string[],
    {
      input,
      ...env
    }: { input?: Buffer | string; [name: string]: unknown } = {},
  ): Buffer {
    return execFileSync('git', args, {
      input,
      env: {
        ...GIT_ENVIRONMENT,
        GIT_DIR: this.path,
        ...env,
      } as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  }
}
