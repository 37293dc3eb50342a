import {
  describeRef,
  type KubeObject,
  type ManifestSource,
  type ObjectEdit,
  objectOf,
  refOf,
  SourceRefused,
  spliceManifest,
  SpliceRefused,
  spliceResources,
} from '@meshdeck/istio-config';
import { posix } from 'path';
import type { FileChange } from './Forge';
import {
  isKustomization,
  type ManifestFile,
  ManifestFiles,
} from './ManifestFiles';
import type { RepositorySnapshot } from './atCommit';

/** A file as it was and as it is to be; for a preview. */
export interface ManifestChange extends FileChange {
  /** Undefined for a new file. */
  before?: string;
}

/** An edit, with where its object may come from. */
export interface SourcedEdit {
  sources: readonly ManifestSource[];
  edit: ObjectEdit;
}

/**
 * What becomes of which files by several edits, made one after the other; a file that two of them are about is changed once.
 *
 * @throws as {@link manifestChanges}
 */
export async function allManifestChanges(
  repository: RepositorySnapshot,
  edits: readonly SourcedEdit[],
): Promise<ManifestChange[]> {
  const changes = new Map<string, ManifestChange>();
  for (const { sources, edit } of edits) {
    const current = withChanges(repository, changes);
    for (const change of await manifestChanges(current, sources, edit)) {
      const first = changes.get(change.path) ?? change;
      changes.set(change.path, { ...change, before: first.before });
    }
  }
  return [...changes.values()].filter(({ before, text }) => before !== text);
}

/** A repository as it is with changes that are not made yet. */
function withChanges(
  repository: RepositorySnapshot,
  changes: ReadonlyMap<string, ManifestChange>,
): RepositorySnapshot {
  return {
    commit: repository.commit,
    list: async folder => {
      const files = await repository.list(folder);
      const known = new Set(files.map(({ path }) => path));
      const added = [...changes.keys()]
        .filter(path => !known.has(path))
        .filter(path => folder === '' || path.startsWith(`${folder}/`))
        .map(path => ({ path, id: '', mode: '100644' }));
      return [...files, ...added].filter(
        ({ path }) =>
          !changes.has(path) || changes.get(path)?.text !== undefined,
      );
    },
    read: async file =>
      changes.get(file.path)?.text ?? (await repository.read(file)),
  };
}

/**
 * What becomes of which files by an edit of an object. A new object gets a file of its own; a kustomization that lists files lists it, too,
 * and no longer lists one that is gone.
 *
 * @param sources - all from which the object may come, of this repository.
 * @throws SourceRefused where no file or several hold it, SpliceRefused where its file cannot be changed safely.
 */
export async function manifestChanges(
  repository: RepositorySnapshot,
  sources: readonly ManifestSource[],
  edit: ObjectEdit,
): Promise<ManifestChange[]> {
  const object = objectOf(edit);
  const places: ManifestFiles[] = [];
  for (const source of sources) {
    places.push(await ManifestFiles.of(repository, source, object));
  }
  const holding: ManifestFile[] = [];
  for (const files of places) {
    const file = await files.holding();
    holding.push(...(file ? [file] : []));
  }
  if (holding.length > 1) {
    throw new SourceRefused(
      `${describeRef(refOf(object))} is in several places (${holding
        .map(({ file }) => file.path)
        .join(', ')}). Leave one.`,
    );
  }
  const [found] = holding;
  if (edit.action === 'create') {
    if (found) {
      throw new SourceRefused(
        `${describeRef(refOf(object))} is in ${
          found.file.path
        } already, and not in the cluster. Look why it did not get there.`,
      );
    }
    return newFile(repository, sources[0], edit.object);
  }
  if (!found) {
    throw new SourceRefused(
      `No file in ${sources
        .map(({ folder }) => folder || '/')
        .join(', ')} holds ${describeRef(
        refOf(object),
      )}. It is made in another way: change that by hand.`,
    );
  }
  const { file, text: before, listedIn, ...options } = found;
  const { text } = inFile(file.path, () =>
    spliceManifest(before, edit, options),
  );
  return [
    ...(text === before ? [] : [{ path: file.path, before, text }]),
    ...(text === undefined && listedIn
      ? [relisted(listedIn, { remove: file.path })]
      : []),
  ];
}

async function newFile(
  repository: RepositorySnapshot,
  source: ManifestSource,
  object: KubeObject,
): Promise<ManifestChange[]> {
  const { folder } = source;
  const name = `${object.metadata.name}-${object.kind.toLowerCase()}.yaml`;
  if (!/^[a-z0-9.-]+$/.test(name)) {
    throw new SourceRefused(`${name} is no name for a file.`);
  }
  const path = folder ? `${folder}/${name}` : name;
  const there = await repository.list(folder);
  if (there.some(file => file.path === path)) {
    throw new SourceRefused(
      `There is a file ${path} already, which does not hold ${describeRef(
        refOf(object),
      )}. Put it into the repository by hand.`,
    );
  }
  const { text } = spliceManifest('', { action: 'create', object });
  const kustomization = there.find(
    file =>
      posix.dirname(file.path) === (folder || '.') &&
      isKustomization(file.path),
  );
  if (!kustomization) {
    return [{ path, text }];
  }
  const listing = await repository.read(kustomization);
  return [
    { path, text },
    relisted({ file: kustomization, text: listing }, { add: path }),
  ];
}

/** A kustomization that lists a file more or less. */
function relisted(
  { file, text }: NonNullable<ManifestFile['listedIn']>,
  change: { add?: string; remove?: string },
): ManifestChange {
  const relative = (path?: string) =>
    path === undefined
      ? undefined
      : posix.relative(posix.dirname(file.path), path);
  const after = inFile(file.path, () =>
    spliceResources(text, {
      add: relative(change.add),
      remove: relative(change.remove),
    }),
  );
  return { path: file.path, before: text, text: after.text };
}

/** A refusal says of which file it is. */
function inFile<T>(path: string, splice: () => T): T {
  try {
    return splice();
  } catch (error) {
    throw error instanceof SpliceRefused
      ? new SpliceRefused(`${path}: ${error.message}`)
      : error;
  }
}
