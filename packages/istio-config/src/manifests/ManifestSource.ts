/** Nobody can tell from which file an object comes, or it comes from none that could be changed; the message says why, for people. @public */
export class SourceRefused extends Error {
  readonly name = 'SourceRefused';
}

/** Where in a repository the manifests of an object lie. @public */
export interface ManifestSource {
  /** As the tool names it: `https://…`, `ssh://…` or `git@host:owner/name.git`. */
  repositoryUrl: string;
  /** Undefined for the branch that the repository calls its own. */
  branch?: string;
  /** From the root, without `./` and slashes at its ends; empty for the root itself. */
  folder: string;
  /** Whether folders below it count, where it has no kustomization. */
  isRecursive: boolean;
  /** The namespace of objects that name none. */
  namespace?: string;
  /** Whether that is so for objects that name one, too. */
  isNamespaceForced?: boolean;
}

/** A folder from the root of its repository. @throws SourceRefused where it leads out of it. */
export function folderOf(path: unknown): string {
  const parts: string[] = [];
  for (const part of String(path ?? '').split('/')) {
    if (part === '..' && parts.pop() === undefined) {
      throw new SourceRefused(
        `The folder ${String(path)} lies outside its repository.`,
      );
    }
    if (part !== '' && part !== '.' && part !== '..') {
      parts.push(part);
    }
  }
  return parts.join('/');
}
