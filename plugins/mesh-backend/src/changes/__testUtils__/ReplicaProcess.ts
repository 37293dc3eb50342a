import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReplicaOrders } from './replicaProgram';

const PROGRAM = require.resolve('./replicaProgram');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');

/** A replica in a process of its own, and what it said. */
export class ReplicaProcess {
  static start(orders: ReplicaOrders) {
    return new ReplicaProcess(orders);
  }

  said = '';
  private readonly process: ChildProcess;

  private constructor(orders: ReplicaOrders) {
    this.process = fork(PROGRAM, {
      execArgv: ['--require', TRANSFORM],
      env: { ...process.env, REPLICA_ORDERS: JSON.stringify(orders) },
      silent: true,
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', text => {
        this.said += text;
      });
    }
  }

  get isOver(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Until it was stopped where it was to be, or had nothing more to do. */
  async untilStopped(): Promise<void> {
    while (!this.isOver && !/stopping at/.test(this.said)) {
      await pause(20);
    }
  }

  /** Wakes it up where it was frozen, and waits until it has nothing more to do. */
  async goOn(): Promise<void> {
    this.process.kill('SIGCONT');
    if (!this.isOver) {
      await once(this.process, 'exit');
    }
  }

  end(): void {
    this.process.kill('SIGKILL');
  }
}
