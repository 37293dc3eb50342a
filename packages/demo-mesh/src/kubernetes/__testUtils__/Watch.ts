import type { IncomingMessage } from 'node:http';

export interface SeenEvent {
  type: string;
  object: any;
}

/** A watch as its reader sees it: events in order, each waited for. */
export class Watch {
  static of(res: IncomingMessage): Watch {
    return new Watch(res);
  }

  readonly status: number;
  readonly ended: Promise<void>;
  private readonly seen: SeenEvent[] = [];
  private rest = '';
  private wake: () => void = () => {};
  private hasEnded = false;

  private constructor(private readonly res: IncomingMessage) {
    this.status = res.statusCode ?? 0;
    res.on('data', chunk => this.read(`${chunk}`));
    res.on('error', () => {});
    this.ended = new Promise(resolve => {
      res.on('close', () => {
        this.hasEnded = true;
        this.wake();
        resolve();
      });
    });
  }

  /** The next event; fails where none comes. */
  async next(timeoutMs: number = 10_000): Promise<SeenEvent> {
    const deadline = Date.now() + timeoutMs;
    while (this.seen.length === 0) {
      const left = deadline - Date.now();
      if (this.hasEnded) throw new Error('The watch ended without an event');
      if (left <= 0) throw new Error('No event came');
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.seen.shift()!;
  }

  /** The next so many events as `TYPE name`. */
  async names(count: number): Promise<string[]> {
    const names: string[] = [];
    while (names.length < count) {
      const { type, object } = await this.next();
      names.push(`${type} ${object.metadata.name}`);
    }
    return names;
  }

  close(): void {
    this.res.destroy();
  }

  private read(chunk: string): void {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() !== '') this.seen.push(JSON.parse(line));
    }
    this.wake();
  }
}
