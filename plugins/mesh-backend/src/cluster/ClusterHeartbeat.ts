import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { readText } from '../sources/readText';

const EVERY_MS = 5000;
const DEADLINE_MS = 3000;
/** Of a version. */
const MOST_BYTES = 64 * 1024;

/**
 * Asks an API server every few seconds whether it is there. A server that hangs breaks no connection, so its watches
 * would go on looking well.
 */
export class ClusterHeartbeat {
  static create(options: {
    cluster: string;
    access: MeshClusterAccess;
    /** Once it stops answering. */
    onSilence: () => void;
    /** After a silence, once it answers again. */
    onBack: () => void;
    everyMs?: number;
    deadlineMs?: number;
  }) {
    return new ClusterHeartbeat(options);
  }

  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private silent: { since: Date; message: string } | undefined;

  private constructor(
    private readonly options: Parameters<typeof ClusterHeartbeat.create>[0],
  ) {}

  start(): void {
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Since when it has not answered, and what came instead. */
  silence(): { since: Date; message: string } | undefined {
    return this.silent;
  }

  private schedule(): void {
    if (!this.stopped) {
      this.timer = setTimeout(
        () => this.ask(),
        this.options.everyMs ?? EVERY_MS,
      );
      this.timer.unref();
    }
  }

  private async ask(): Promise<void> {
    let failure = await this.failureOf();
    // A portal that was busy itself for so long found no time to read the answer.
    if (failure?.isLate && !this.silent) {
      failure = await this.failureOf();
    }
    if (failure && !this.silent) {
      this.silent = { since: new Date(), message: failure.message };
      this.options.onSilence();
    }
    if (!failure && this.silent) {
      this.silent = undefined;
      this.options.onBack();
    }
    this.schedule();
  }

  /** What came instead of an answer. */
  private async failureOf(): Promise<
    { message: string; isLate: boolean } | undefined
  > {
    const { access, cluster, deadlineMs = DEADLINE_MS } = this.options;
    const signal = AbortSignal.timeout(deadlineMs);
    try {
      const response = await access.request(cluster, {
        path: '/version',
        signal,
      });
      await readText(response, MOST_BYTES);
      // Anything below 500 is the API server's own voice, a refusal included; the proxy answers for a dead one with 5xx.
      return response.status < 500
        ? undefined
        : { message: `it answered ${response.status}`, isLate: false };
    } catch (error) {
      const isLate = signal.aborted;
      const message = isLate
        ? `no answer within ${deadlineMs / 1000} s`
        : (error as Error).message;
      return { message, isLate };
    }
  }
}
