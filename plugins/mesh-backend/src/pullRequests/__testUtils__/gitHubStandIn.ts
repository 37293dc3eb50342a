import type { RequestWords } from '../Forge';
import {
  ForgeStandIn,
  type Operation,
  type StoredRequest,
  TOKEN,
} from './ForgeStandIn';
import {
  commitsOf,
  defaultBranch,
  found,
  type OpeningBody,
  operationsBelow,
  requestIn,
  requestsOf,
  reworded,
} from './standInOperations';

interface TreeBody {
  base_tree: string;
  tree: { path: string; mode: string; sha?: null; content?: string }[];
}

/** GitHub's REST API for git data and pull requests. */
export function gitHubStandIn(): Promise<ForgeStandIn> {
  return ForgeStandIn.start({
    root: '/api/v3',
    authorization: `Bearer ${TOKEN}`,
    operations,
  });
}

function operations(standIn: ForgeStandIn): Operation[] {
  const { repository } = standIn;
  const pull = (request: StoredRequest) => ({
    number: request.number,
    html_url: `${standIn.url}/team/shop/pull/${request.number}`,
    state: request.state === 'open' ? 'open' : 'closed',
    merged_at: request.state === 'merged' ? '2026-11-29T12:00:00Z' : null,
    head: { sha: standIn.lastCommit(request) },
    // Of an open one, GitHub names a trial here.
    merge_commit_sha: request.mergeCommit ?? 'f'.repeat(40),
  });
  const on = operationsBelow('/repos/team/shop');
  const refused = (message: string) => ({ status: 422, body: { message } });
  return [
    on('GET', '', defaultBranch),
    on('GET', '/branches/([^/]+)', ([branch]) => {
      const sha = repository.head(branch);
      const commit = sha && {
        sha,
        commit: { message: repository.message(sha) },
      };
      return found(commit && { commit }, 'Branch not found');
    }),
    on('GET', '/git/trees/(\\w+)', ([id], { query }) => {
      const tree = repository.tree(id, query.has('recursive'));
      return found(tree && { tree, truncated: false }, 'Not Found');
    }),
    on('GET', '/git/blobs/(\\w+)', ([id]) => {
      // GitHub breaks the lines of it.
      const content = repository
        .blob(id)
        ?.toString('base64')
        .replace(/(.{60})/g, '$1\n');
      return found(
        content === undefined ? undefined : { content, encoding: 'base64' },
        'Not Found',
      );
    }),
    on('GET', '/git/commits/(\\w+)', ([id]) => ({
      status: 200,
      body: { sha: id, tree: { sha: repository.treeWith(id, []) } },
    })),
    on<TreeBody>('POST', '/git/trees', (_parts, { body }) => ({
      status: 201,
      body: {
        sha: repository.treeWith(
          body.base_tree,
          body.tree.map(({ path, mode, sha, content = null }) => ({
            path,
            mode,
            content: sha === null ? null : content,
          })),
        ),
      },
    })),
    on<{ tree: string; parents: string[]; message: string }>(
      'POST',
      '/git/commits',
      (_parts, { body }) => ({
        status: 201,
        body: {
          sha: repository.commitTree(body.tree, body.parents, body.message),
        },
      }),
    ),
    on<{ ref: string; sha: string }>(
      'POST',
      '/git/refs',
      (_parts, { body }) => {
        const branch = body.ref.replace('refs/heads/', '');
        if (repository.head(branch)) {
          return refused('Reference already exists');
        }
        repository.move(branch, body.sha, '');
        return { status: 201, body: { ref: body.ref } };
      },
    ),
    on<{ sha: string; force?: boolean }>(
      'PATCH',
      '/git/refs/heads/(.+)',
      ([branch], { body }) => {
        const head = repository.head(branch);
        if (!head) {
          return refused('Reference does not exist');
        }
        if (!body.force && !repository.standsUpon(body.sha, head)) {
          return refused('Update is not a fast forward');
        }
        repository.move(branch, body.sha, head);
        return { status: 200, body: { ref: `refs/heads/${branch}` } };
      },
    ),
    on('GET', '/commits', (_parts, { query }) =>
      commitsOf(repository, query, 'per_page'),
    ),
    on('GET', '/pulls/(\\d+)', ([number]) => {
      const request = standIn.requests[Number(number) - 1];
      return found(request && pull(request), 'Not Found');
    }),
    on<RequestWords>('PATCH', '/pulls/(\\d+)', (parts, { body }) =>
      found(reworded(standIn, parts, body, pull), 'Not Found'),
    ),
    on('GET', '/pulls', (_parts, { query }) => ({
      status: 200,
      body: requestsOf(
        standIn,
        {
          branch: query.get('head')!.replace(/^team:/, ''),
          base: query.get('base')!,
        },
        query,
      ).map(pull),
    })),
    on<OpeningBody>('POST', '/pulls', (_parts, { body }) => {
      const request = requestIn(body);
      const { branch, base } = request;
      if (!repository.head(branch) || !repository.head(base)) {
        return refused('Validation Failed');
      }
      if (standIn.openOf(request)) {
        return {
          status: 422,
          body: {
            message: 'Validation Failed',
            errors: [
              { message: `A pull request already exists for team:${branch}.` },
            ],
          },
        };
      }
      return { status: 201, body: pull(standIn.open(request)) };
    }),
  ];
}
