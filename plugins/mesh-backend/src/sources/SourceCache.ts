import type { CacheService } from '@backstage/backend-plugin-api';
import type { JsonValue } from '@backstage/types';
import { createHash } from 'crypto';
import { LRUCache } from 'lru-cache';
import type { RefreshPeriod } from './RefreshPeriod';
import { roughBytes } from './roughBytes';

const MOST_ANSWERS = 5000;
/** One answer may be as large as all others together. */
const MOST_BYTES = 128 * 1024 * 1024;
/** What an answer counts for until it is there. */
const EXPECTED_BYTES = 4096;
/** Writing an answer out costs as much as reading it did: the view that waits for its neighbours comes first. */
const SHARED_AFTER_MS = 50;

/** A question to a source. */
export interface SourceQuestion {
  /** What is looked at; all its questions are asked again at the same moment. */
  scope: string;
  /** Everything that makes the answer what it is. */
  question: string;
  /** Longer than a refresh period for what changes slowly. */
  goodForMs?: number;
}

interface Kept {
  period: number;
  answer: Promise<unknown>;
  bytes: number;
}

/**
 * Answers of sources, good for one refresh period: a question is asked once however many ask it at the same time, and, through
 * Backstage's cache, once for all replicas.
 */
export class SourceCache {
  static create(options: {
    period: RefreshPeriod;
    shared?: CacheService;
    onHit?: () => void;
    mostBytes?: number;
  }) {
    return new SourceCache(options);
  }

  private readonly answers: LRUCache<string, Kept>;

  private constructor(
    private readonly options: Parameters<typeof SourceCache.create>[0],
  ) {
    this.answers = new LRUCache({
      max: MOST_ANSWERS,
      maxSize: options.mostBytes ?? MOST_BYTES,
      sizeCalculation: ({ bytes }, key) => bytes + key.length,
    });
  }

  /** About how much memory the answers take. */
  get bytes(): number {
    return this.answers.calculatedSize;
  }

  answer<T extends JsonValue>(
    { scope, question, goodForMs = 0 }: SourceQuestion,
    ask: () => Promise<T>,
  ): Promise<T> {
    const key = `${scope} ${question}`;
    const { periodMs } = this.options.period;
    const periods = Math.max(1, Math.floor(goodForMs / periodMs));
    const period = Math.floor(this.options.period.of(scope) / periods);
    const known = this.answers.get(key);
    if (known?.period === period) {
      this.options.onHit?.();
      return known.answer as Promise<T>;
    }
    const ttlMs = this.options.period.left(scope) + (periods - 1) * periodMs;
    const answer = this.ask(`${period} ${key}`, ttlMs, ask);
    this.answers.set(key, { period, answer, bytes: EXPECTED_BYTES });
    answer.then(
      value => {
        if (this.answers.peek(key)?.answer === answer) {
          this.answers.set(key, { period, answer, bytes: roughBytes(value) });
        }
      },
      () => {
        // A failure is not kept: the next one to ask may have more luck.
        if (this.answers.peek(key)?.answer === answer) {
          this.answers.delete(key);
        }
      },
    );
    return answer;
  }

  private async ask<T extends JsonValue>(
    key: string,
    ttlMs: number,
    ask: () => Promise<T>,
  ): Promise<T> {
    const { shared } = this.options;
    if (!shared) {
      return ask();
    }
    const name = createHash('sha256').update(key).digest('hex');
    const known = await shared.get<T>(name).catch(() => undefined);
    if (known !== undefined) {
      this.options.onHit?.();
      return known;
    }
    const answer = await ask();
    setTimeout(() => {
      shared
        .set(name, answer, { ttl: Math.ceil(ttlMs) })
        // Without it, another replica asks for itself.
        .catch(() => undefined);
    }, SHARED_AFTER_MS).unref();
    return answer;
  }
}
