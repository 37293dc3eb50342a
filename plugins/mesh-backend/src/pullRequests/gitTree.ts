import type { ForgeFile } from './Forge';
import { ForgeError } from './ForgeError';
import type { ForgeRepository } from './ForgeRepository';

/** A tree of git as GitHub and Gitea give it. */
export interface GitTree {
  tree: { path: string; mode: string; type: string; sha: string }[];
  truncated?: boolean;
}

/**
 * The files in a folder and below.
 *
 * @param read - one tree, with all below it where it is the folder itself.
 */
export async function filesBelow(
  commit: string,
  folder: string,
  read: (id: string, isRecursive: boolean) => Promise<GitTree>,
): Promise<ForgeFile[]> {
  let id = commit;
  for (const part of folder.split('/').filter(Boolean)) {
    const { tree } = await read(id, false);
    const next = tree.find(
      ({ path, type }) => path === part && type === 'tree',
    );
    if (!next) {
      return [];
    }
    id = next.sha;
  }
  const { tree, truncated } = await read(id, true);
  if (truncated) {
    throw new ForgeError(
      'unavailable',
      `The folder ${
        folder || '/'
      } has more files than the forge tells. Point Argo CD or Flux at a smaller one.`,
    );
  }
  return tree
    .filter(({ type }) => type === 'blob')
    .map(({ path, sha, mode }) => ({
      path: folder ? `${folder}/${path}` : path,
      id: sha,
      mode,
    }));
}

/** A file's text, as GitHub and Gitea give it. */
export function readBlob(
  repository: ForgeRepository,
  file: ForgeFile,
): Promise<string> {
  return repository.read(file, async () => {
    const { content } = await repository.get<{ content: string }>(
      `/git/blobs/${file.id}`,
    );
    return textOf(file.path, Buffer.from(content, 'base64'));
  });
}

/** A blob's text. @throws ForgeError where it is no text. */
export function textOf(path: string, content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      content,
    );
  } catch {
    throw new ForgeError('conflict', `${path} is no text in UTF-8.`);
  }
}
