import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knexFactory from 'knex';
import { eventually } from './eventually';

const GIVEN =
  process.env.BACKSTAGE_TEST_DATABASE_POSTGRES17_CONNECTION_STRING ??
  process.env.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING;
/** Where Debian keeps its versions. */
const VERSIONS = '/usr/lib/postgresql';

/** A PostgreSQL for as long as a test needs it: the one that is named, or one of its own where the programs are. */
export class TemporaryPostgres {
  static isThere(): boolean {
    return Boolean(GIVEN ?? binaries());
  }

  static async start(): Promise<TemporaryPostgres> {
    if (GIVEN) {
      return new TemporaryPostgres(GIVEN, async () => {});
    }
    const directory = mkdtempSync(join(tmpdir(), 'meshdeck-postgres-'));
    const data = join(directory, 'data');
    const programs = binaries() ?? '';
    const user = unprivileged();
    if (user) {
      chownSync(directory, user.uid, user.gid);
    }
    const made = spawnSync(
      join(programs, 'initdb'),
      ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync'],
      { ...user, encoding: 'utf8', cwd: directory },
    );
    if (made.status !== 0) {
      throw new Error(`initdb: ${made.stderr}`);
    }
    const port = await freePort();
    const server = spawn(
      join(programs, 'postgres'),
      [
        ...['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', directory],
        ...['-c', 'fsync=off', '-c', 'max_connections=50'],
      ],
      { ...user, stdio: 'ignore', cwd: directory },
    );
    const postgres = new TemporaryPostgres(
      `postgres://postgres@127.0.0.1:${port}/postgres`,
      () => stopped(server, directory),
    );
    await eventually(() => {
      const place = ['-h', '127.0.0.1', '-p', String(port)];
      const { status } = spawnSync(join(programs, 'pg_isready'), place);
      if (status !== 0) throw new Error('PostgreSQL does not answer');
    });
    return postgres;
  }

  private constructor(
    readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  /** A statement on a connection of its own. */
  async run(sql: string): Promise<void> {
    const knex = knexFactory({ client: 'pg', connection: this.url });
    try {
      await knex.raw(sql);
    } finally {
      await knex.destroy();
    }
  }
}

function binaries(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  return versions
    .map(version => join(VERSIONS, version, 'bin'))
    .findLast(folder => existsSync(join(folder, 'initdb')));
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const [uid, gid] = ['-u', '-g'].map(option =>
    Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  return { uid, gid };
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

async function stopped(server: ChildProcess, directory: string): Promise<void> {
  // At once, with all connections.
  server.kill('SIGQUIT');
  if (server.exitCode === null && server.signalCode === null) {
    await new Promise(resolve => {
      server.once('exit', resolve);
    });
  }
  rmSync(directory, { recursive: true, force: true });
}
