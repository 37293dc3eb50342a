import type {
  BranchHead,
  CommittedFile,
  FileChange,
  Forge,
  ForgeFile,
} from './Forge';
import { ForgeError } from './ForgeError';

/** A repository at one commit, read lazily. */
export interface RepositorySnapshot {
  commit: string;
  /** All files in a folder and below. */
  list(folder: string): Promise<ForgeFile[]>;
  read(file: ForgeFile): Promise<string>;
}

/** A commit never changes: each folder of it is asked for once. */
export function snapshotOf(forge: Forge, commit: string): RepositorySnapshot {
  const folders = new Map<string, Promise<ForgeFile[]>>();
  return {
    commit,
    list: folder => {
      const files = folders.get(folder) ?? forge.list(commit, folder);
      folders.set(folder, files);
      return files;
    },
    read: file => forge.read(file),
  };
}

/** The newest commit of a branch that has to be there. */
export async function headOf(forge: Forge, base: string): Promise<BranchHead> {
  const head = await forge.head(base);
  if (!head) {
    throw new ForgeError(
      'notFound',
      `${forge.name} has no branch ${base} in this repository. If that is a tag, no merge moves it: change the file by hand.`,
    );
  }
  return head;
}

/** The paths of the files that differ between two commits. */
export async function differing(
  forge: Forge,
  one: string,
  other: string,
): Promise<string[]> {
  const [ones, others] = await Promise.all(
    [one, other].map(async commit => {
      const files = await forge.list(commit, '');
      return new Map(files.map(({ path, id, mode }) => [path, id + mode]));
    }),
  );
  return [...new Set([...ones.keys(), ...others.keys()])].filter(
    path => ones.get(path) !== others.get(path),
  );
}

/** What files say at a commit; those that are not there are left out. */
export async function filesAt(
  { list }: Pick<RepositorySnapshot, 'list'>,
  paths: readonly string[],
): Promise<Map<string, ForgeFile>> {
  const folders = new Set(
    paths.map(path => path.split('/').slice(0, -1).join('/')),
  );
  const there = new Map<string, ForgeFile>();
  for (const folder of folders) {
    for (const file of await list(folder)) {
      there.set(file.path, file);
    }
  }
  return there;
}

/** Of the files, those that are not so yet at a commit. */
export async function notYet(
  forge: Forge,
  commit: string,
  files: readonly FileChange[],
): Promise<CommittedFile[]> {
  const paths = files.map(({ path }) => path);
  const there = await filesAt(snapshotOf(forge, commit), paths);
  const wanted = [];
  for (const file of files) {
    const before = there.get(file.path);
    const text = before && (await forge.read(before));
    if (text !== file.text) {
      wanted.push({ ...file, before });
    }
  }
  return wanted;
}
