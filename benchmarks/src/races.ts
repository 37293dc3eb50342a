import type {
  ApplyResult,
  ChangePreview,
  RoutesView,
  RuleName,
} from '@meshdeck/plugin-mesh-common';
import type { HttpClient } from './HttpClient';
import type { Portal } from './Portal';
import { changesPath, routesPath, virtualServicePath } from './paths';
import { pause } from './waiting';

const CLIENTS = 8;
const ATTEMPTS = 1000;
/** The timeouts that are wanted differ, so that each can be told from the others. */
const SHORTEST_MS = 1000;
const SETTLE_MS = 2000;
const READY_WITHIN_MS = 120_000;

/** One state of the object that is fought for, as its watch tells it. */
interface State {
  resourceVersion: string;
  timeout?: string;
}

/** What became of one attempt. */
interface Attempt {
  seen: string;
  timeoutMs: number;
  status: number;
  text: string;
}

/** The rule of a service, once the portal has it. */
async function firstRuleOf(portal: Portal, name: string): Promise<RuleName> {
  const end = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const { status, text } = await portal.client.ask('GET', routesPath(name));
    const view: Partial<RoutesView> = status === 200 ? JSON.parse(text) : {};
    const named = view.rules?.[0]?.named;
    if (named) {
      return named;
    }
    if (Date.now() > end) {
      throw new Error(`No rule of ${name}: ${status} ${text.slice(0, 500)}`);
    }
    await pause(200);
  }
}

/**
 * Several clients change the timeout of one rule at once, each as a person does: preview, then apply what was seen.
 *
 * @returns how many attempts there were, how many changed the object, and of how many nobody knew and said so (`open`); how many were
 *   answered as made and are not in the object's history, or not upon what they had seen (`lost`); and how many got neither their change
 *   nor a sentence that says why not, or changed the object and were told otherwise (`untold`).
 */
export async function race(
  portal: Portal,
  kubernetes: HttpClient,
  name: string,
) {
  const rule = await firstRuleOf(portal, name);
  const history = await watchObject(kubernetes, virtualServicePath(name));
  const attempts: Attempt[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < ATTEMPTS) {
        const timeoutMs = SHORTEST_MS + next;
        next += 1;
        attempts.push(await attempt(portal.client, { name, rule, timeoutMs }));
      }
    }),
  );
  await pause(SETTLE_MS);
  const states = history.end();
  const made = attempts.filter(({ status }) => status === 200);
  const refused = attempts.filter(({ status }) => status !== 200);
  const open = refused.filter(isOpen).length;
  const changes = states.length - 1;
  return {
    attempts: attempts.length,
    made: made.length,
    open,
    lost: made.filter(one => !isInHistory(one, states)).length,
    untold:
      refused.filter(one => !isTold(one)).length +
      Math.max(0, changes - made.length - open),
  };
}

async function attempt(
  client: HttpClient,
  wish: { name: string; rule: RuleName; timeoutMs: number },
): Promise<Attempt> {
  const { name, rule, timeoutMs } = wish;
  const what = { intent: 'timeout', rule, timeoutMs };
  const preview = await client.ask('POST', changesPath(name, '/preview'), {
    what,
  });
  if (preview.status !== 200) {
    return { seen: '', timeoutMs, ...preview };
  }
  const { resourceVersion: seen } = JSON.parse(preview.text) as ChangePreview;
  const answer = await client.ask('POST', changesPath(name, '/apply'), {
    what,
    resourceVersion: seen,
    takeOver: true,
  });
  return { seen, timeoutMs, ...answer };
}

/** Whether the object had the change, right after the state that was previewed. */
function isInHistory(
  { text, seen, timeoutMs }: Attempt,
  states: readonly State[],
): boolean {
  const { resourceVersion } = (JSON.parse(text) as ApplyResult).object;
  const at = states.findIndex(
    state => state.resourceVersion === resourceVersion,
  );
  return (
    at > 0 &&
    states[at].timeout === `${timeoutMs / 1000}s` &&
    states[at - 1].resourceVersion === seen
  );
}

/** By a conflict with what is there now, or by a sentence that says what failed. */
function isTold({ status, text }: Attempt): boolean {
  const { conflict, error } = JSON.parse(text);
  return status === 409
    ? Boolean(conflict?.message)
    : Boolean(error?.message && error.name !== 'Error');
}

/** Nobody knew, and said so. */
function isOpen({ text }: Attempt): boolean {
  return JSON.parse(text).outcome === 'unknown';
}

async function watchObject(kubernetes: HttpClient, path: string) {
  const { metadata, spec } = await kubernetes.get<any>(path);
  const states: State[] = [stateOf({ metadata, spec })];
  const query = new URLSearchParams({
    watch: 'true',
    fieldSelector: `metadata.name=${metadata.name}`,
    resourceVersion: metadata.resourceVersion,
  });
  const controller = new AbortController();
  const list = path.slice(0, path.lastIndexOf('/'));
  const follow = async () => {
    const lines = kubernetes.lines(`${list}?${query}`, controller.signal);
    for await (const line of lines) {
      const { object } = JSON.parse(line);
      if (object.metadata.name === metadata.name) {
        states.push(stateOf(object));
      }
    }
  };
  follow().catch(error => {
    if (!controller.signal.aborted) {
      throw error;
    }
  });
  return {
    end: () => {
      controller.abort();
      return states;
    },
  };
}

function stateOf({ metadata, spec }: any): State {
  return {
    resourceVersion: metadata.resourceVersion,
    timeout: spec.http[0].timeout,
  };
}
