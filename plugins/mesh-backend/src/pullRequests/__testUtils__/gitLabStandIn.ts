import {
  ForgeStandIn,
  type Operation,
  type Reply,
  type StoredRequest,
  TOKEN,
} from './ForgeStandIn';
import {
  branchIn,
  defaultBranch,
  found,
  operationsBelow,
  requestsOf,
  reworded,
} from './standInOperations';

interface CommitBody {
  branch: string;
  start_sha?: string;
  commit_message: string;
  actions: {
    action: 'create' | 'update' | 'delete';
    file_path: string;
    content?: string;
    encoding?: BufferEncoding;
    last_commit_id?: string;
  }[];
}

interface OpeningBody {
  source_branch: string;
  target_branch: string;
  title: string;
  description: string;
}

/** GitLab's REST API for commits and merge requests. */
export function gitLabStandIn(): Promise<ForgeStandIn> {
  return ForgeStandIn.start({
    root: '/api/v4',
    authorization: `Bearer ${TOKEN}`,
    operations,
  });
}

function operations(standIn: ForgeStandIn): Operation[] {
  const { repository } = standIn;
  const merge = (request: StoredRequest) => ({
    iid: request.number,
    web_url: `${standIn.url}/team/shop/-/merge_requests/${request.number}`,
    state: request.state === 'open' ? 'opened' : request.state,
    sha: standIn.lastCommit(request),
    merge_commit_sha: request.mergeCommit ?? null,
    squash_commit_sha: null,
  });
  const on = operationsBelow('/projects/team%2Fshop');
  return [
    on('GET', '', defaultBranch),
    on('GET', '/repository/branches/([^/]+)', ([branch]) =>
      found(branchIn(repository, branch), '404 Branch Not Found'),
    ),
    on('GET', '/repository/tree', (_parts, { query }) => {
      const folder = query.get('path');
      const items = repository
        .tree(query.get('ref')!, query.get('recursive') === 'true')
        ?.filter(({ path }) => !folder || path.startsWith(`${folder}/`))
        .map(({ sha: id, ...entry }) => ({ ...entry, id }));
      const isThere = items && !(folder && items.length === 0);
      const size = Number(query.get('per_page') ?? 20);
      const start = (Number(query.get('page') ?? 1) - 1) * size;
      return found(
        isThere ? items.slice(start, start + size) : undefined,
        '404 Tree Not Found',
      );
    }),
    on('GET', '/repository/blobs/(\\w+)/raw', ([id]) => {
      const content = repository.blob(id);
      return content
        ? {
            status: 200,
            body: content,
            headers: { 'content-type': 'text/plain' },
          }
        : { status: 404, body: { message: '404 Blob Not Found' } };
    }),
    on<CommitBody>('POST', '/repository/commits', (_parts, { body }) =>
      commit(standIn, body),
    ),
    on('GET', '/repository/commits', (_parts, { query }) => {
      const commits = repository.log(
        query.get('ref_name')!,
        Number(query.get('per_page')),
        query.get('path') ?? undefined,
      );
      return found(
        commits?.map(({ parents, ...rest }) => ({
          ...rest,
          parent_ids: parents,
        })),
        '404 Not Found',
      );
    }),
    on('GET', '/merge_requests/(\\d+)', ([number]) => {
      const request = standIn.requests[Number(number) - 1];
      return found(request && merge(request), '404 Not found');
    }),
    on<{ title?: string; description?: string }>(
      'PUT',
      '/merge_requests/(\\d+)',
      (parts, { body }) => {
        const words = { title: body.title, body: body.description };
        const told = reworded(standIn, parts, words, merge);
        return found(told, '404 Not found');
      },
    ),
    on('GET', '/merge_requests', (_parts, { query }) => ({
      status: 200,
      body: requestsOf(
        standIn,
        {
          branch: query.get('source_branch')!,
          base: query.get('target_branch')!,
        },
        query,
      ).map(merge),
    })),
    on<OpeningBody>('POST', '/merge_requests', (_parts, { body }) => {
      const { source_branch: branch, target_branch: base, title } = body;
      const open = standIn.openOf({ branch, base });
      if (open) {
        return {
          status: 409,
          body: {
            message: [
              `Another open merge request already exists for this source branch: !${open.number}`,
            ],
          },
        };
      }
      const request = { branch, base, title, body: body.description };
      return { status: 201, body: merge(standIn.open(request)) };
    }),
  ];
}

function commit({ repository }: ForgeStandIn, body: CommitBody): Reply {
  const { branch, start_sha: start, commit_message: message, actions } = body;
  const refused = (text: string) => ({ status: 400, body: { message: text } });
  const head = repository.head(branch);
  if (start && head) {
    return refused(
      `A branch called '${branch}' already exists. Switch to that branch in order to make changes`,
    );
  }
  const parent = start ?? head;
  if (!parent) {
    return refused(
      'You can only create or edit files when you are on a branch',
    );
  }
  for (const { action, file_path: path, last_commit_id: last } of actions) {
    const isThere = repository.blob(`${parent}:${path}`) !== undefined;
    if (action === 'create' && isThere) {
      return refused('A file with this name already exists');
    }
    if (action !== 'create' && !isThere) {
      return refused("A file with this name doesn't exist");
    }
    if (action !== 'create' && last) {
      const [newest] = repository.log(parent, 1, path) ?? [];
      if (newest?.id !== last) {
        return refused(
          'The file has changed since you started editing it. Your changes have not been saved.',
        );
      }
    }
  }
  const tree = repository.treeWith(
    parent,
    actions.map(({ action, file_path: path, content = '', encoding }) => ({
      path,
      content: action === 'delete' ? null : Buffer.from(content, encoding),
    })),
  );
  const id = repository.commitTree(tree, [parent], message);
  repository.move(branch, id, head ?? '');
  return { status: 201, body: { id, parent_ids: [parent] } };
}
