import { execFile, spawn } from 'child_process';
import type { IncomingMessage, ServerResponse } from 'http';
import { promisify } from 'util';
import { GIT_ENVIRONMENT } from './GitRepository';

/** Git's own HTTP server, as a CGI program: what it gives is what git finds in the repository. */
export function gitHttpBackend(
  root: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...GIT_ENVIRONMENT,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    } as NodeJS.ProcessEnv,
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', chunk => chunks.push(chunk));
  backend.on('close', () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    for (const line of answer.subarray(0, end).toString().split('\r\n')) {
      const [, name, value] = /^([^:]+): (.*)$/.exec(line) ?? [];
      if (name === 'Status') {
        response.statusCode = Number(value.slice(0, 3));
      } else if (name) {
        response.setHeader(name, value);
      }
    }
    response.end(answer.subarray(end + 4));
  });
}

/** Git as a person runs it, beside the server that it asks. */
export async function runGit(args: string[], cwd?: string): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, {
    cwd,
    env: GIT_ENVIRONMENT as NodeJS.ProcessEnv,
  });
  return stdout;
}
