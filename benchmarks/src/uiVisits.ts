import type { FleetPage, FleetRow } from '@meshdeck/plugin-mesh-common';
import type { BrowserContext, Page } from 'playwright-core';
import { gzipBytes } from './uiBundle';

/** Within a visit: how long content may take before the measure counts as failed. */
const PATIENCE_MS = 30_000;

/** Without a long task or anything loaded for so long, a page has come to rest. */
const REST_MS = 500;

/** Until the page rests, so that one measure does not pay for what came before it. */
export function atRest(page: Page): Promise<void> {
  return page.evaluate(
    restMs =>
      new Promise<void>(resolve => {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const observer = new PerformanceObserver(wait);
        function wait() {
          clearTimeout(timer);
          timer = setTimeout(() => {
            observer.disconnect();
            resolve();
          }, restMs);
        }
        observer.observe({ entryTypes: ['longtask', 'resource'] });
        wait();
      }),
    REST_MS,
  );
}

/** Names of the built scripts that a page loads until it rests. */
export async function scriptsOf(
  context: BrowserContext,
  url: string,
  content: string,
): Promise<Map<string, string>> {
  const page = await context.newPage();
  const scripts = new Map<string, string>();
  const bodies: Promise<void>[] = [];
  page.on('response', response => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith('.js')) {
      bodies.push(
        response
          .text()
          .then(text => void scripts.set(pathname.split('/').pop()!, text)),
      );
    }
  });
  await page.goto(url);
  await page.waitForSelector(content, { timeout: PATIENCE_MS });
  await atRest(page);
  await Promise.all(bodies);
  await page.close();
  return scripts;
}

/** What the one loads and the other does not. */
export function bytesBeyond(
  scripts: Map<string, string>,
  shell: Map<string, string>,
): number {
  return [...scripts]
    .filter(([name]) => !shell.has(name))
    .reduce((sum, [, text]) => sum + gzipBytes(text), 0);
}

/** From a click until something is on the page, by the page's own clock; what was there must go first. */
export function clickToContent(
  page: Page,
  link: string,
  content: string,
): Promise<number> {
  return page.evaluate(
    ([linkSelector, contentSelector, patience]) =>
      new Promise<number>((resolve, reject) => {
        const began = performance.now();
        (document.querySelector(linkSelector) as HTMLElement).click();
        const look = () => {
          const elapsed = performance.now() - began;
          if (document.querySelector(contentSelector)) resolve(elapsed);
          else if (elapsed > patience) {
            reject(new Error(`No ${contentSelector} after ${linkSelector}`));
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    [link, content, PATIENCE_MS] as const,
  );
}

/** Scrolls an element down as a wheel does, a step each frame; answers the longest frame. */
export function worstFrame(page: Page, box: string, seconds: number) {
  return page.evaluate(
    ([selector, duration]) =>
      new Promise<number>(resolve => {
        const element = document.querySelector(selector)!;
        let worst = 0;
        let last: number | undefined;
        const end = performance.now() + duration;
        const frame = (now: number) => {
          if (last !== undefined) worst = Math.max(worst, now - last);
          last = now;
          if (performance.now() > end) {
            resolve(worst);
            return;
          }
          element.scrollTop += 400;
          if (
            element.scrollTop + element.clientHeight >=
            element.scrollHeight - 1
          ) {
            element.scrollTop = 0;
          }
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    [box, seconds * 1_000] as const,
  );
}

/** One root, chunks below it, steps below the chunks. */
export function syntheticTrace(spans: number) {
  return {
    traceId: 'feedface',
    start: new Date().toISOString(),
    durationMs: spans,
    spans: Array.from({ length: spans }, (_, index) => {
      const chunk = Math.floor((index - 1) / 100) * 100 + 1;
      return {
        spanId: `span-${index}`,
        parentSpanId:
          index === 0 ? undefined : `span-${index === chunk ? 0 : chunk}`,
        operation: `step ${index}`,
        service: 'batch',
        startMs: Math.max(0, index - 1),
        durationMs: index === 0 ? spans : 1,
        error: index % 97 === 0,
        critical: index % 7 === 0,
        tags: { 'span.kind': 'server' },
      };
    }),
  };
}

/** A page of a fleet of so many services, made from a page of a smaller one. */
export function largeFleet(
  page: FleetPage,
  services: number,
  limit: number,
): FleetPage {
  const rows = Array.from({ length: Math.min(limit, services) }, (_, index) => {
    const row: FleetRow = page.rows[index % page.rows.length];
    const { cluster, namespace } = row.placement;
    const service = `service-${index}`;
    const id = `${cluster}:${namespace}:${service}`;
    return { ...row, placement: { id, cluster, namespace, service } };
  });
  return {
    ...page,
    rows,
    total: services,
    offset: 0,
    next: 'next',
    summary: { ...page.summary, services, pending: 0 },
  };
}
