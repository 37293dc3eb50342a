/** One kind of request to measure; `send` makes the n-th. */
export interface Load {
  send: (n: number) => Promise<unknown>;
}

/** Milliseconds, and answers per second. */
export interface LoadResult {
  p50: number;
  p95: number;
  p99: number;
  rps: number;
}

const PARALLEL = 32;

/** Latency on one connection, then throughput on 32; both after a warm-up. */
export async function measure(
  load: Load,
  options: { requests: number; seconds: number },
): Promise<LoadResult> {
  let n = 0;
  for (; n < Math.min(options.requests, 50); n++) {
    await load.send(n);
  }
  const times: number[] = [];
  for (const end = n + options.requests; n < end; n++) {
    const began = performance.now();
    await load.send(n);
    times.push(performance.now() - began);
  }
  const sorted = times.sort((a, b) => a - b);
  return {
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    rps: await throughput(load, n, options.seconds),
  };
}

async function throughput(
  load: Load,
  first: number,
  seconds: number,
): Promise<number> {
  let n = first;
  let answered = 0;
  const began = performance.now();
  const end = began + seconds * 1000;
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      while (performance.now() < end) {
        n += 1;
        await load.send(n);
        answered += 1;
      }
    }),
  );
  return Math.round(answered / ((performance.now() - began) / 1000));
}

export function quantile(sorted: readonly number[], share: number): number {
  const value =
    sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
  return Math.round(value * 100) / 100;
}

/** Milliseconds that work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Sorts what it gets. */
export function median(times: number[]): number {
  return quantile(
    times.sort((a, b) => a - b),
    0.5,
  );
}
