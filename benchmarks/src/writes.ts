import { execFileSync } from 'child_process';
import { dirname, join } from 'path';
import { parseArgs } from 'util';
import { GeneratedMesh } from './GeneratedMesh';
import { nameOf, overviewPath } from './paths';
import { Portal } from './Portal';
import { bringService, clientOf, raceCluster } from './raceCluster';
import { race } from './races';
import { say } from './say';
import { atRest, ready } from './waiting';
import { measureWrites } from './writeSpeed';

const SERVICES = 1000;
const LATENCY_MS = 20;
/** Nobody looks at more in the race. */
const RACE_SERVICES = 10;
const MOST_OUTPUT = 10_000_000;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    debug: { type: 'boolean', default: false },
  },
});

/** Every intent on generated configurations, as the rules' own package tries them. */
function tryIntents(): object {
  say('Every intent on 2,000 generated configurations…');
  const rules = dirname(require.resolve('@meshdeck/istio-config/package.json'));
  const output = execFileSync(
    process.execPath,
    [join(rules, 'bench/writes.cjs')],
    { encoding: 'utf8', maxBuffer: MOST_OUTPUT },
  );
  return JSON.parse(output);
}

async function measureRaces() {
  const mesh = await GeneratedMesh.start({
    services: RACE_SERVICES,
    latencyMs: 0,
  });
  const { server, access } = raceCluster(mesh);
  say(`Eight clients at one object of the ${server} API server…`);
  const kubernetes = clientOf(access);
  const { name, remove } = await bringService(kubernetes);
  const portal = await Portal.start({
    sources: mesh.urls,
    services: RACE_SERVICES,
    cluster: access,
    debug: values.debug,
  });
  try {
    return { server, ...(await race(portal, kubernetes, name)) };
  } finally {
    await portal.stop();
    await remove();
    await kubernetes.close();
    await mesh.stop();
  }
}

async function measureSpeed() {
  say(`Speed over ${SERVICES} services, ${LATENCY_MS} ms on every source…`);
  const mesh = await GeneratedMesh.start({
    services: SERVICES,
    latencyMs: LATENCY_MS,
  });
  const portal = await Portal.start({
    sources: mesh.urls,
    services: SERVICES,
    debug: values.debug,
  });
  try {
    await ready(portal, overviewPath(nameOf(SERVICES)));
    await atRest(portal);
    return await measureWrites(portal, mesh);
  } finally {
    await portal.stop();
    await mesh.stop();
  }
}

async function main(): Promise<void> {
  const races = await measureRaces();
  say(`races        ${JSON.stringify(races)}`);
  const speed = await measureSpeed();
  say(`speed        ${JSON.stringify(speed)}`);
  const intents = tryIntents();
  say(`intents      ${JSON.stringify(intents)}`);
  if (values.json) {
    const result = { ...intents, races, speed };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
}

main().catch(error => {
  say(error.stack);
  // Whatever was started by then ends with this process.
  process.exit(1);
});
