import { parseArgs } from 'util';
import { measureCold } from './cold';
import { GeneratedMesh } from './GeneratedMesh';
import { keepChanging } from './keepChanging';
import { KEPT_ASIDE, measureOverviews } from './overviews';
import { nameOf, overviewPath } from './paths';
import { Portal } from './Portal';
import { say } from './say';
import { measureStore } from './store';
import { watchedBy } from './viewers';
import { atRest, pause, ready } from './waiting';

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1000' },
    latency: { type: 'string', default: '20ms' },
    /** Services of the store's own mesh: 16 objects each. */
    'store-services': { type: 'string', default: '3200' },
    seconds: { type: 'string', default: '8' },
    'viewer-seconds': { type: 'string', default: '60' },
    requests: { type: 'string', default: '300' },
    /** Changes a second to one of the cluster's objects while views are measured. */
    changes: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
    debug: { type: 'boolean', default: false },
  },
});
const services = Number(values.services);
const latencyMs = Number(values.latency!.replace(/ms$/, ''));
const { debug } = values;

/** All that is measured on one portal over one mesh. */
async function measurePages() {
  say(`A mesh of ${services} services, ${latencyMs} ms on every source…`);
  const mesh = await GeneratedMesh.start({ services, latencyMs });
  const portal = await Portal.start({ sources: mesh.urls, services, debug });
  try {
    await ready(portal, overviewPath(nameOf(services)));
    await atRest(portal);
    await pause(3000);
    const stopChanging = await keepChanging(mesh, Number(values.changes));
    const overviews = await measureOverviews(portal, services, {
      requests: Number(values.requests),
      seconds: Number(values.seconds),
    });
    const changes = await stopChanging();
    if (changes > 0) {
      say(`${changes} changes of the cluster meanwhile`);
    }
    // After the others: of services that nobody opened, by a portal that has answered before.
    const cold = await measureCold(portal, mesh);
    say(
      `cold         ${cold.overviewMs} ms, its slowest source ${cold.slowestSourceMs} ms`,
    );
    const seconds = Number(values['viewer-seconds']);
    const watch = async (viewers: number, service: string) => {
      const seen = await watchedBy(
        viewers,
        { service, seconds },
        { portal, mesh },
      );
      say(`${String(viewers).padEnd(3)} viewers  ${JSON.stringify(seen)}`);
      return seen;
    };
    const one = await watch(1, nameOf(KEPT_ASIDE));
    const hundred = await watch(100, nameOf(KEPT_ASIDE - 1));
    return {
      ...overviews,
      cold,
      viewers: { one: one.counts, hundred: hundred.counts },
      lists: one.lists + hundred.lists,
      watches: one.watches + hundred.watches,
    };
  } finally {
    await portal.stop();
    await mesh.stop();
  }
}

async function main(): Promise<void> {
  if (!(services > KEPT_ASIDE * 1.5)) {
    throw new Error(
      `--services is "${values.services}": it must be more than ${
        KEPT_ASIDE * 1.5
      }`,
    );
  }
  const pages = await measurePages();
  const store = await measureStore({
    services: Number(values['store-services']),
    latencyMs,
    debug,
  });
  say(`store        ${JSON.stringify(store)}`);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ...pages, store })}\n`);
  }
}

main().catch(error => {
  say(error.stack);
  process.exitCode = 1;
});
