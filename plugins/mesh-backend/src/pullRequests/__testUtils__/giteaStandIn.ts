import type { RequestWords } from '../Forge';
import {
  ForgeStandIn,
  type Operation,
  type Reply,
  type StoredRequest,
  TOKEN,
} from './ForgeStandIn';
import {
  branchIn,
  commitsOf,
  defaultBranch,
  found,
  type OpeningBody,
  operationsBelow,
  requestIn,
  reworded,
} from './standInOperations';

const MISSING = 'not found';

interface ContentsBody {
  branch: string;
  new_branch?: string;
  message: string;
  files: {
    operation: 'create' | 'update' | 'delete';
    path: string;
    sha?: string;
    content?: string;
  }[];
}

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
  const on = operationsBelow('/repos/team/shop');
  return [
    on('GET', '', defaultBranch),
    on('GET', '/branches/(.+)', ([branch]) =>
      found(branchIn(repository, branch), MISSING),
    ),
    on('GET', '/git/trees/(\\w+)', ([id], { query }) => {
      const tree = repository.tree(id, query.get('recursive') === 'true');
      const size = Number(query.get('per_page') ?? 1000);
      const start = (Number(query.get('page') ?? 1) - 1) * size;
      return found(
        tree && {
          // As Gitea has it where a page has no entries.
          tree: start < tree.length ? tree.slice(start, start + size) : null,
          truncated: start + size < tree.length,
          total_count: tree.length,
        },
        MISSING,
      );
    }),
    on('GET', '/git/blobs/(\\w+)', ([id]) => {
      const content = repository.blob(id)?.toString('base64');
      return found(content === undefined ? undefined : { content }, MISSING);
    }),
    on<ContentsBody>('POST', '/contents', (_parts, { body }) =>
      changeFiles(standIn, body),
    ),
    on('GET', '/commits', (_parts, { query }) =>
      commitsOf(repository, query, 'limit'),
    ),
    on('GET', '/git/refs/pull/(\\d+)/head', ([number]) => {
      const request = standIn.requests[Number(number) - 1];
      const sha = request && standIn.lastCommit(request);
      return found(sha && [{ object: { type: 'commit', sha } }], MISSING);
    }),
    on<RequestWords>('PATCH', '/pulls/(\\d+)', (parts, { body }) => {
      const told = reworded(standIn, parts, body, pull);
      return told ? { status: 201, body: told } : found(told, MISSING);
    }),
    on('GET', '/pulls/([^/]+)/(.+)', ([base, branch]) => {
      const request = standIn.requests.find(
        one => one.base === base && one.branch === branch,
      );
      return found(request && pull(request), MISSING);
    }),
    on<OpeningBody>('POST', '/pulls', (_parts, { body }) => {
      const request = requestIn(body);
      return standIn.openOf(request)
        ? {
            status: 409,
            body: { message: 'pull request already exists for these targets' },
          }
        : { status: 201, body: pull(standIn.open(request)) };
    }),
  ];
}

function changeFiles({ repository }: ForgeStandIn, body: ContentsBody): Reply {
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
    files.map(({ operation, path, content = '' }) => ({
      path,
      content: operation === 'delete' ? null : Buffer.from(content, 'base64'),
    })),
  );
  const id = repository.commitTree(tree, [parent], message);
  repository.move(newBranch ?? branch, id, newBranch ? '' : parent);
  return { status: 201, body: { commit: { sha: id } } };
}
