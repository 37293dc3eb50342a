import {
  ForgeStandIn,
  type Operation,
  type Reply,
  type StoredRequest,
  TOKEN,
} from './ForgeStandIn';

const REPOSITORY = '^/repos/team/shop';

/** Gitea's REST API for contents and pull requests. */
export function giteaStandIn(): Promise<ForgeStandIn> {
  return ForgeStandIn.start({
    root: '/api/v1',
    authorization: `token ${TOKEN}`,
    operations,
  });
}

function operations(standIn: ForgeStandIn): Operation[] {
  const { repository } = standIn;
  const pull = (request: StoredRequest) => ({
    number: request.number,
    html_url: `${standIn.url}/team/shop/pulls/${request.number}`,
    state: request.state === 'open' ? 'open' : 'closed',
    merged: request.state === 'merged',
    merge_commit_sha: request.mergeCommit ?? null,
  });
  const on = (
    method: string,
    path: string,
    answer: Operation[2],
  ): Operation => [method, new RegExp(`${REPOSITORY}${path}$`), answer];
  const missing = { status: 404, body: { message: 'not found' } };
  return [
    on('GET', '', () => ({ status: 200, body: { default_branch: 'main' } })),
    on('GET', '/branches/(.+)', ([branch]) => {
      const id = repository.head(branch);
      return id
        ? {
            status: 200,
            body: {
              name: branch,
              commit: { id, message: repository.message(id) },
            },
          }
        : missing;
    }),
    on('GET', '/git/trees/(\\w+)', ([id], { query }) => {
      const tree = repository.tree(id, query.get('recursive') === 'true');
      if (!tree) {
        return missing;
      }
      const size = Number(query.get('per_page') ?? 1000);
      const start = (Number(query.get('page') ?? 1) - 1) * size;
      return {
        status: 200,
        body: {
          // As Gitea has it where a page has no entries.
          tree: start < tree.length ? tree.slice(start, start + size) : null,
          truncated: start + size < tree.length,
          total_count: tree.length,
        },
      };
    }),
    on('GET', '/git/blobs/(\\w+)', ([id]) => {
      const content = repository.blob(id);
      return content
        ? { status: 200, body: { content: content.toString('base64') } }
        : missing;
    }),
    on('POST', '/contents', (_parts, { body }) => changeFiles(standIn, body)),
    on('GET', '/pulls/([^/]+)/(.+)', ([base, branch]) => {
      const found = standIn.requests.find(
        one => one.base === base && one.branch === branch,
      );
      return found ? { status: 200, body: pull(found) } : missing;
    }),
    on('POST', '/pulls', (_parts, { body }) => {
      const { head: branch, base, title, body: text } = body;
      return standIn.openOf({ branch, base })
        ? {
            status: 409,
            body: { message: 'pull request already exists for these targets' },
          }
        : {
            status: 201,
            body: pull(standIn.open({ branch, base, title, body: text })),
          };
    }),
  ];
}

function changeFiles({ repository }: ForgeStandIn, body: any): Reply {
  const { branch, new_branch: newBranch, message, files } = body;
  const refused = (text: string) => ({ status: 422, body: { message: text } });
  if (newBranch && repository.head(newBranch)) {
    return refused(`branch already exists [name: ${newBranch}]`);
  }
  const parent = repository.head(branch);
  if (!parent) {
    return { status: 404, body: { message: 'branch does not exist' } };
  }
  for (const { operation, path, sha } of files) {
    const is = repository
      .tree(parent, true)
      ?.find(entry => entry.path === path)?.sha;
    if (operation === 'create' && is) {
      return refused(`repository file already exists [path: ${path}]`);
    }
    if (operation !== 'create' && is !== sha) {
      return refused(`sha does not match [given: ${sha}, expected: ${is}]`);
    }
  }
  const tree = repository.treeWith(
    parent,
    files.map(({ operation, path, content }: any) => ({
      path,
      content: operation === 'delete' ? null : Buffer.from(content, 'base64'),
    })),
  );
  const id = repository.commitTree(tree, [parent], message);
  repository.move(newBranch ?? branch, id, newBranch ? '' : parent);
  return { status: 201, body: { commit: { sha: id } } };
}
