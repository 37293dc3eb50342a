import { execFileSync, spawn } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { createServer, type AddressInfo } from 'net';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { forgeAt, type ForgeTrial } from './forgeTrials';
import { runGit } from './gitHttpBackend';
import type { TreeChange } from './GitRepository';

const PASSWORD = 'a-password-of-the-trial';

/**
 * A real Gitea, where `MESHDECK_GITEA` names its program, and `MESHDECK_GITEA_ROOT` the folder of its `templates` and `options` where
 * the program does not hold them.
 */
export function realGitea(): {
  trials: Record<string, () => Promise<ForgeTrial>>;
  line?: string;
} {
  const program = process.env.MESHDECK_GITEA;
  return program
    ? { trials: { 'a real Gitea': () => startGitea(program) } }
    : { trials: {}, line: 'Skipped: no real Gitea (MESHDECK_GITEA).' };
}

async function startGitea(program: string): Promise<ForgeTrial> {
  const work = mkdtempSync(join(tmpdir(), 'gitea-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(work, 'app.ini');
  writeFileSync(config, settings(work, port, url));
  const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  if ('uid' in account) {
    execFileSync('chown', ['-R', '65534:65534', work]);
  }
  const env = {
    ...process.env,
    HOME: work,
    USER: 'nobody',
    GITEA_WORK_DIR: work,
  };
  const gitea = (...args: string[]) =>
    execFileSync(program, ['--config', config, ...args], {
      env,
      ...account,
    }).toString();
  gitea('migrate');
  const person = ['--username', 'team', '--password', PASSWORD];
  gitea(
    'admin',
    'user',
    'create',
    ...person,
    '--email',
    'team@example.com',
    '--admin',
    '--must-change-password=false',
  );
  const token = gitea(
    'admin',
    'user',
    'generate-access-token',
    '--username',
    'team',
    '--scopes',
    'write:repository,write:user',
    '--raw',
  ).trim();
  const server = spawn(program, ['--config', config, 'web'], {
    env,
    ...account,
    stdio: 'ignore',
  });
  const api = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `token ${token}`,
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(
        `${method} ${path}: ${answer.status} ${await answer.text()}`,
      );
    }
  };
  await untilItAnswers(() => api('GET', '/version'));
  await api('POST', '/user/repos', { name: 'shop', default_branch: 'main' });
  const cloneUrl = `http://team:${PASSWORD}@127.0.0.1:${port}/team/shop.git`;
  const forgeWith = (password: string) =>
    forgeAt(`${url}/team/shop.git`, {
      gitea: [{ host: `127.0.0.1:${port}`, baseUrl: url, password }],
    });
  const repository = '/repos/team/shop';
  return {
    forge: forgeWith(token),
    forgeWith,
    cloneUrl,
    push: (branch, changes, message) =>
      pushTo(cloneUrl, branch, changes, message),
    // Gitea works out whether a request can be merged behind the back of who opened it.
    merge: number =>
      untilItAnswers(() =>
        api('POST', `${repository}/pulls/${number}/merge`, { Do: 'merge' }),
      ),
    close: number =>
      api('PATCH', `${repository}/pulls/${number}`, { state: 'closed' }),
    stop: () => {
      server.kill('SIGKILL');
      rmSync(work, { recursive: true, force: true });
    },
  };
}

function settings(work: string, port: number, url: string): string {
  return [
    'RUN_MODE = prod',
    '[server]',
    `HTTP_ADDR = 127.0.0.1`,
    `HTTP_PORT = ${port}`,
    `ROOT_URL = ${url}/`,
    'DISABLE_SSH = true',
    'OFFLINE_MODE = true',
    ...(process.env.MESHDECK_GITEA_ROOT
      ? [`STATIC_ROOT_PATH = ${process.env.MESHDECK_GITEA_ROOT}`]
      : []),
    '[database]',
    'DB_TYPE = sqlite3',
    `PATH = ${work}/gitea.db`,
    '[security]',
    'INSTALL_LOCK = true',
    'SECRET_KEY = trial',
    'PASSWORD_HASH_ALGO = pbkdf2$1000$50',
    '[repository]',
    `ROOT = ${work}/repositories`,
    '[log]',
    'LEVEL = Error',
    '[indexer]',
    'ISSUE_INDEXER_TYPE = db',
    '',
  ].join('\n');
}

async function pushTo(
  url: string,
  branch: string,
  changes: readonly TreeChange[],
  message: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'push-'));
  const git = (...args: string[]) => runGit(args, folder);
  await runGit(['clone', '--quiet', url, folder]);
  const known = await git('branch', '-r');
  await git(
    'checkout',
    '--quiet',
    ...(known.includes(`origin/${branch}`) ? [branch] : ['-B', branch]),
  );
  for (const { path, content } of changes) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content ?? '');
    await git('add', path);
  }
  await git('commit', '--quiet', '-m', message);
  await git('push', '--quiet', 'origin', `HEAD:${branch}`);
  rmSync(folder, { recursive: true, force: true });
}

async function untilItAnswers(attempt: () => Promise<void>): Promise<void> {
  for (let left = 100; ; left--) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (left === 0) {
        throw error;
      }
      await new Promise(resolve => {
        setTimeout(resolve, 100);
      });
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => {
    server.close(resolve);
  });
  return port;
}
