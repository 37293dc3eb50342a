import type {
  Asked,
  ForgeStandIn,
  Operation,
  Reply,
  StoredRequest,
} from './ForgeStandIn';
import type { GitRepository } from './GitRepository';

/** Makes operations of an API below a path; of what it is asked, the body is what its documentation says. */
export function operationsBelow(root: string) {
  return <Body = unknown>(
    method: string,
    path: string,
    answer: (parts: string[], asked: Asked<Body>) => Reply,
  ): Operation => [
    method,
    new RegExp(`^${root}${path}$`),
    answer as Operation[2],
  ];
}

/** What every forge says of a repository. */
export function defaultBranch(): Reply {
  return { status: 200, body: { default_branch: 'main' } };
}

/** 200 with what there is, else 404. */
export function found(body: unknown, message: string): Reply {
  return body === undefined
    ? { status: 404, body: { message } }
    : { status: 200, body };
}

/** A branch as GitLab and Gitea tell it. */
export function branchIn(repository: GitRepository, name: string) {
  const id = repository.head(name);
  return id && { name, commit: { id, message: repository.message(id) } };
}

/** Commits as GitHub and Gitea list them. */
export function commitsOf(
  repository: GitRepository,
  query: URLSearchParams,
  most: string,
): Reply {
  const commits = repository.log(query.get('sha')!, Number(query.get(most)));
  return found(
    commits?.map(({ id, message, parents }) => ({
      sha: id,
      commit: { message },
      parents: parents.map(sha => ({ sha })),
    })),
    'Not Found',
  );
}

/** Gives a request another title and description, as GitHub and Gitea are asked to. */
export function reworded<Told>(
  standIn: ForgeStandIn,
  [number]: string[],
  words: { title?: string; body?: string },
  told: (request: StoredRequest) => Told,
): Told | undefined {
  const request: StoredRequest | undefined =
    standIn.requests[Number(number) - 1];
  if (!request) {
    return undefined;
  }
  request.title = words.title ?? request.title;
  request.body = words.body ?? request.body;
  return told(request);
}

/** The requests of a branch for another, the newest first, as far as they fit a page. */
export function requestsOf(
  standIn: ForgeStandIn,
  wanted: Pick<StoredRequest, 'branch' | 'base'>,
  query: URLSearchParams,
): StoredRequest[] {
  return standIn.requests
    .filter(
      ({ branch, base, state }) =>
        branch === wanted.branch &&
        base === wanted.base &&
        (query.get('state') === 'all' || state === 'open'),
    )
    .reverse()
    .slice(0, Number(query.get('per_page') ?? 20));
}

/** What GitHub and Gitea are asked to open a pull request. */
export interface OpeningBody {
  head: string;
  base: string;
  title: string;
  body: string;
}

/** It, as a stand-in keeps it. */
export function requestIn({ head, ...rest }: OpeningBody) {
  return { branch: head, ...rest };
}
