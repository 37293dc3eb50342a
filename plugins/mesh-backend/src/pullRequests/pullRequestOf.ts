import type { PullRequest } from './Forge';

/** A pull request as GitHub and Gitea tell it. */
export interface PullOnForge {
  number: number;
  html_url: string;
  state: string;
  merge_commit_sha?: string | null;
}

/** The merge commit of an open one is only a trial. */
export function pullRequestOf(
  { number, html_url: url, state, merge_commit_sha: commit }: PullOnForge,
  isMerged: boolean,
): PullRequest {
  return isMerged
    ? { number, url, state: 'merged', mergeCommit: commit ?? undefined }
    : { number, url, state: state === 'open' ? 'open' : 'closed' };
}
