import {
  describeRef,
  holdsManifest,
  isMap,
  itemsOf,
  type KubeObject,
  type ManifestOptions,
  type ManifestSource,
  mayPatch,
  mayReplace,
  refOf,
  SourceRefused,
  SpliceRefused,
  textsOf,
} from '@meshdeck/istio-config';
import { posix } from 'path';
import { parse } from 'yaml';
import { Slice } from '../eventLoop/Slice';
import type { ForgeFile } from './Forge';
import type { RepositorySnapshot } from './atCommit';

const MOST_FILES = 300;
/** Nobody writes a larger kustomization or patch, and reading one keeps everything else waiting. */
const MOST_CHARACTERS = 64 * 1024;
const AT_ONCE = 6;
const LINK = '120000';
const KUSTOMIZATIONS = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];
/** What makes of files something that nobody can tell from here. */
const OPAQUE = ['transformers', 'configurations', 'validators'];

/** A file that may hold manifests, and how its objects are to be understood. */
export interface ManifestFile extends ManifestOptions {
  file: ForgeFile;
  text: string;
  /** The kustomization that lists it; a file more or less has to be listed there. */
  listedIn?: { file: ForgeFile; text: string };
}

/**
 * The files from which a source takes its manifests: all of a folder, or, where there is a kustomization, what that lists.
 * Kustomizations that rename or patch the object are refused.
 */
export class ManifestFiles {
  private readonly found: ManifestFile[] = [];
  private readonly seen = new Set<string>();

  /** @throws SourceRefused where nobody can tell which files count, or there are too many. */
  static async of(
    repository: RepositorySnapshot,
    source: ManifestSource,
    object: KubeObject,
  ): Promise<ManifestFiles> {
    const files = new ManifestFiles(repository, object);
    await files.addFolder(source.folder, source, source.isRecursive);
    return files;
  }

  private constructor(
    private readonly repository: RepositorySnapshot,
    private readonly object: KubeObject,
  ) {}

  /**
   * The one that holds the object; undefined where none does.
   *
   * @throws SourceRefused where several do, SpliceRefused where one may, in a way that is not changed from here.
   */
  async holding(): Promise<ManifestFile | undefined> {
    const { kind, metadata } = this.object;
    const refusals: SpliceRefused[] = [];
    const holding: ManifestFile[] = [];
    const slice = Slice.begin();
    for (const found of this.found) {
      const { file, text, ...options } = found;
      if (!text.includes(kind) || !text.includes(metadata.name)) {
        continue;
      }
      if (slice.isOver()) {
        await slice.pause();
      }
      try {
        if (holdsManifest(text, refOf(this.object), options)) {
          holding.push(found);
        }
      } catch (error) {
        if (!(error instanceof SpliceRefused)) {
          throw error;
        }
        refusals.push(new SpliceRefused(`${file.path}: ${error.message}`));
      }
    }
    if (holding.length > 1) {
      const paths = holding.map(({ file }) => file.path).join(' and ');
      throw new SourceRefused(
        `${describeRef(
          refOf(this.object),
        )} is in ${paths}, and which one counts nobody can tell. Leave one.`,
      );
    }
    if (holding.length === 0 && refusals.length > 0) {
      throw refusals[0];
    }
    return holding[0];
  }

  private async addFolder(
    folder: string,
    given: ManifestOptions,
    isRecursive: boolean,
  ): Promise<void> {
    if (this.seen.has(folder)) {
      return;
    }
    this.seen.add(folder);
    if (this.seen.size > MOST_FILES) {
      throw tooMany();
    }
    const files = await this.repository.list(folder);
    const inside = (path: string) => posix.dirname(path) === (folder || '.');
    const kustomization = files.find(
      ({ path }) => inside(path) && isKustomization(path),
    );
    if (kustomization) {
      await this.addKustomization(folder, kustomization, given);
      return;
    }
    if (
      files.some(
        ({ path }) => inside(path) && posix.basename(path) === 'Chart.yaml',
      )
    ) {
      throw new SourceRefused(
        `The folder ${
          folder || '/'
        } is a Helm chart: only its values can be changed, and which ones nobody can tell from here. Change them by hand.`,
      );
    }
    if (files.length === 0) {
      throw new SourceRefused(
        `The repository has no folder ${folder || '/'}, or nothing is in it.`,
      );
    }
    // Flux takes a folder with a kustomization of its own as that says.
    const own = isRecursive
      ? files
          .filter(({ path }) => isKustomization(path))
          .map(({ path }) => posix.dirname(path))
      : [];
    const isElsewhere = (path: string) =>
      own.some(other => path.startsWith(`${other}/`));
    await this.addFiles(
      files.filter(
        ({ path }) =>
          isManifest(path) &&
          (inside(path) || (isRecursive && !isElsewhere(path))),
      ),
      given,
    );
    for (const other of own) {
      await this.addFolder(other, given, false);
    }
  }

  private async addFiles(
    files: readonly ForgeFile[],
    given: ManifestOptions,
    listedIn?: ManifestFile['listedIn'],
  ): Promise<void> {
    if (this.found.length + files.length > MOST_FILES) {
      throw tooMany();
    }
    const { namespace, isNamespaceForced } = given;
    for (let first = 0; first < files.length; first += AT_ONCE) {
      const texts = files.slice(first, first + AT_ONCE).map(async file => {
        if (file.mode === LINK) {
          throw new SourceRefused(
            `${file.path} is a link to another file. Name that one instead.`,
          );
        }
        const text = await this.repository.read(file);
        return { file, text, namespace, isNamespaceForced, listedIn };
      });
      this.found.push(...(await Promise.all(texts)));
    }
  }

  private async addKustomization(
    folder: string,
    file: ForgeFile,
    given: ManifestOptions,
  ): Promise<void> {
    const text = await this.readSmall(file);
    const kustomization = parsed(file.path, text);
    await this.refuseChanges(folder, file.path, kustomization);
    const { namespace } = kustomization;
    // The outermost one has the last word.
    const options: ManifestOptions =
      typeof namespace === 'string' &&
      namespace !== '' &&
      !given.isNamespaceForced
        ? { namespace, isNamespaceForced: true }
        : given;
    const listed = ['resources', 'bases', 'components'].flatMap(field =>
      textsOf(kustomization[field]),
    );
    for (const path of listed) {
      await this.addListed(folder, path, options, { file, text });
    }
  }

  private async addListed(
    folder: string,
    path: string,
    options: ManifestOptions,
    listedIn: { file: ForgeFile; text: string },
  ): Promise<void> {
    const target = posix.join(folder || '.', path).replace(/\/$/, '');
    // What lies in another repository cannot hold what is to be changed here.
    if (/^[\w+.-]+:\/\/|^[\w.-]+@|^github\.com\/|[?]/.test(path)) {
      return;
    }
    if (target.startsWith('..') || path.startsWith('/')) {
      throw new SourceRefused(
        `${listedIn.file.path} names ${path}, which lies outside its repository.`,
      );
    }
    const files = await this.repository.list(dirOf(target));
    const file = files.find(one => one.path === target);
    if (file && !this.seen.has(target)) {
      this.seen.add(target);
      await this.addFiles([file], options, listedIn);
    } else if (!file) {
      await this.addFolder(target === '.' ? '' : target, options, false);
    }
  }

  /** Of a kustomization, what would make of the object something else than its file says. */
  private async refuseChanges(
    folder: string,
    path: string,
    kustomization: Record<string, unknown>,
  ): Promise<void> {
    const { namePrefix, nameSuffix } = kustomization;
    const opaque = OPAQUE.find(
      field => itemsOf(kustomization[field]).length > 0,
    );
    if (namePrefix || nameSuffix || opaque) {
      throw new SourceRefused(
        `${path} gives objects other names or runs transformers (${
          opaque ?? 'namePrefix, nameSuffix'
        }), so what is in the files is not what the cluster gets. Change the file by hand.`,
      );
    }
    const patches = [
      'patches',
      'patchesStrategicMerge',
      'patchesJson6902',
    ].flatMap(field => itemsOf(kustomization[field]));
    for (const patch of patches) {
      if (mayPatch(await this.withText(folder, patch), this.object)) {
        throw this.changedBy(path, 'a patch');
      }
    }
    if (
      itemsOf(kustomization.replacements).some(replacement =>
        mayReplace(replacement, this.object),
      )
    ) {
      throw this.changedBy(path, 'a replacement');
    }
  }

  /** A patch with its text, where that lies in a file. */
  private async withText(folder: string, patch: unknown): Promise<unknown> {
    const path: unknown = isMap(patch) ? patch.path : patch;
    const isSaid = isMap(patch) && (patch.target || patch.patch);
    if (isSaid || typeof path !== 'string' || path.includes('\n')) {
      return patch;
    }
    const target = posix.join(folder || '.', path);
    const files = await this.repository.list(dirOf(target));
    const file = files.find(one => one.path === target);
    return file ? this.readSmall(file) : undefined;
  }

  private async readSmall(file: ForgeFile): Promise<string> {
    const text = await this.repository.read(file);
    if (text.length > MOST_CHARACTERS) {
      throw new SourceRefused(
        `${file.path} is larger than ${
          MOST_CHARACTERS / 1024
        } KB, and what of that size says is not worked out from here. Change the file by hand.`,
      );
    }
    return text;
  }

  private changedBy(path: string, what: string): SourceRefused {
    return new SourceRefused(
      `${path} changes ${describeRef(
        refOf(this.object),
      )} by ${what}, which may undo a change of its file. Change that by hand.`,
    );
  }
}

function tooMany(): SourceRefused {
  return new SourceRefused(
    `The folder has more than ${MOST_FILES} manifests, which are not searched from here. Change the file by hand.`,
  );
}

/** Whether a file is what kustomize reads of its folder. */
export function isKustomization(path: string): boolean {
  return KUSTOMIZATIONS.includes(posix.basename(path));
}

function isManifest(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path) && !isKustomization(path);
}

function dirOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

function parsed(path: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    throw new SourceRefused(`${path} is no YAML. Mend it first.`);
  }
  return isMap(value) ? value : {};
}
