import {
  ForgeStandIn,
  type Operation,
  type StoredRequest,
  TOKEN,
} from './ForgeStandIn';

const REPOSITORY = '^/repos/team/shop';

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
    // Of an open one, GitHub names a trial here.
    merge_commit_sha: request.mergeCommit ?? 'f'.repeat(40),
  });
  const on = (
    method: string,
    path: string,
    answer: Operation[2],
  ): Operation => [method, new RegExp(`${REPOSITORY}${path}$`), answer];
  const refused = (message: string) => ({ status: 422, body: { message } });
  return [
    on('GET', '', () => ({ status: 200, body: { default_branch: 'main' } })),
    on('GET', '/branches/([^/]+)', ([branch]) => {
      const sha = repository.head(branch);
      return sha
        ? {
            status: 200,
            body: {
              commit: { sha, commit: { message: repository.message(sha) } },
            },
          }
        : { status: 404, body: { message: 'Branch not found' } };
    }),
    on('GET', '/git/trees/(\\w+)', ([id], { query }) => {
      const tree = repository.tree(id, query.has('recursive'));
      return tree
        ? { status: 200, body: { tree, truncated: false } }
        : { status: 404, body: { message: 'Not Found' } };
    }),
    on('GET', '/git/blobs/(\\w+)', ([id]) => {
      const content = repository.blob(id);
      return content
        ? {
            status: 200,
            // GitHub breaks the lines of it.
            body: {
              content: content.toString('base64').replace(/(.{60})/g, '$1\n'),
              encoding: 'base64',
            },
          }
        : { status: 404, body: { message: 'Not Found' } };
    }),
    on('GET', '/git/commits/(\\w+)', ([id]) => ({
      status: 200,
      body: { sha: id, tree: { sha: repository.treeWith(id, []) } },
    })),
    on('POST', '/git/trees', (_parts, { body }) => ({
      status: 201,
      body: {
        sha: repository.treeWith(
          body.base_tree,
          body.tree.map((entry: any) => ({
            path: entry.path,
            mode: entry.mode,
            content: entry.sha === null ? null : entry.content,
          })),
        ),
      },
    })),
    on('POST', '/git/commits', (_parts, { body }) => ({
      status: 201,
      body: {
        sha: repository.commitTree(body.tree, body.parents, body.message),
      },
    })),
    on('POST', '/git/refs', (_parts, { body }) => {
      const branch = body.ref.replace('refs/heads/', '');
      if (repository.head(branch)) {
        return refused('Reference already exists');
      }
      repository.move(branch, body.sha, '');
      return { status: 201, body: { ref: body.ref } };
    }),
    on('PATCH', '/git/refs/heads/(.+)', ([branch], { body }) => {
      const head = repository.head(branch);
      if (!head) {
        return refused('Reference does not exist');
      }
      if (!body.force && !repository.isAncestor(head, body.sha)) {
        return refused('Update is not a fast forward');
      }
      repository.move(branch, body.sha, head);
      return { status: 200, body: {} };
    }),
    on('GET', '/pulls', (_parts, { query }) => ({
      status: 200,
      body: standIn.requests
        .filter(
          ({ branch, base, state }) =>
            query.get('head') === `team:${branch}` &&
            query.get('base') === base &&
            (query.get('state') === 'all' || state === 'open'),
        )
        .reverse()
        .slice(0, Number(query.get('per_page') ?? 30))
        .map(pull),
    })),
    on('POST', '/pulls', (_parts, { body }) => {
      const { head: branch, base, title, body: text } = body;
      if (!repository.head(branch) || !repository.head(base)) {
        return refused('Validation Failed');
      }
      if (standIn.openOf({ branch, base })) {
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
      return {
        status: 201,
        body: pull(standIn.open({ branch, base, title, body: text })),
      };
    }),
  ];
}
