import { type ChildProcess, spawn } from 'child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'fs';
import path from 'path';

const GRACE_MS = 3000;

/** A program to be started. */
export interface Program {
  command: string;
  args: readonly string[];
  /** The network namespace that it runs in; absent: the machine's own. */
  namespace?: string;
  /** Who runs it; absent: root. */
  user?: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Called where it ends and nobody stopped it. */
  onEnd?: () => void;
}

/** The programs of a mesh, each with a log of its own. */
export class Processes {
  static create(logs: string) {
    mkdirSync(logs, { recursive: true });
    return new Processes(logs);
  }

  private readonly running = new Map<string, ChildProcess>();
  private readonly stopped = new WeakSet<ChildProcess>();

  private constructor(private readonly logs: string) {}

  /** @throws Error where one of that name runs already. */
  start(
    name: string,
    { command, args, namespace, user, cwd, env, onEnd }: Program,
  ): void {
    if (this.running.has(name)) {
      throw new Error(`${name} is running already`);
    }
    const words = [
      ...(namespace ? ['ip', 'netns', 'exec', namespace] : []),
      ...(user === undefined
        ? []
        : [
            'setpriv',
            '--reuid',
            `${user}`,
            '--regid',
            `${user}`,
            '--clear-groups',
          ]),
      command,
      ...args,
    ];
    const log = openSync(this.logOf(name), 'a');
    const child = spawn(words[0], words.slice(1), {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.running.set(name, child);
    child.on('exit', () => {
      if (this.running.get(name) === child) {
        this.running.delete(name);
      }
      if (!this.stopped.has(child)) {
        onEnd?.();
      }
    });
  }

  isRunning(name: string): boolean {
    return this.running.has(name);
  }

  names(): string[] {
    return [...this.running.keys()];
  }

  pidOf(name: string): number | undefined {
    return this.running.get(name)?.pid;
  }

  logOf(name: string): string {
    return path.join(this.logs, `${name}.log`);
  }

  /** What a program said last. */
  lastWords(name: string, lines = 10): string {
    return readFileSync(this.logOf(name), 'utf8')
      .trim()
      .split('\n')
      .slice(-lines)
      .join('\n');
  }

  async stop(name: string): Promise<void> {
    const child = this.running.get(name);
    if (!child) {
      return;
    }
    this.stopped.add(child);
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await ended;
    clearTimeout(timer);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.names().map(name => this.stop(name)));
  }
}
