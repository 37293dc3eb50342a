import type { ForgeCommit } from './Forge';

/** A commit as GitHub and Gitea list it. */
export interface CommitOnForge {
  sha: string;
  commit: { message: string };
  parents: { sha: string }[];
}

export function commitOf(found: CommitOnForge): ForgeCommit {
  const { sha, commit, parents } = found;
  return {
    commit: sha,
    message: commit.message,
    parents: parents.map(parent => parent.sha),
  };
}
