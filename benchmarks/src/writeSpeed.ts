import type {
  ChangePreview,
  ChangesView,
  FleetChangesPage,
  RoutesView,
  RuleName,
} from '@meshdeck/plugin-mesh-common';
import { DatabaseSync } from 'node:sqlite';
import type { GeneratedMesh } from './GeneratedMesh';
import type { HttpClient } from './HttpClient';
import { quantile, timed } from './measure';
import {
  changesPath,
  FLEET_CHANGES_PATH,
  nameOf,
  namespaceOf,
  routesPath,
  virtualServicePath,
} from './paths';
import type { Portal } from './Portal';

const CHANGES = 60;
const WARM_UP = 10;
const REMEMBERED = 100_000;
/** Of the service whose panel is opened. */
const REMEMBERED_OF_ONE = 20_000;
const PANELS = 30;

/**
 * Milliseconds of previews, of applying what they showed, of a bare patch of the same object, and of a service's panel and
 * the fleet's once the database remembers {@link REMEMBERED} changes.
 */
export async function measureWrites(portal: Portal, mesh: GeneratedMesh) {
  const previews: number[] = [];
  const applies: number[] = [];
  const bare: number[] = [];
  let warmUp = WARM_UP;
  for (let n = 1; previews.length < CHANGES; n += 1) {
    const name = nameOf(n);
    const rule = await virtualRuleOf(portal, name);
    if (!rule) {
      continue;
    }
    const took = await changeOnce(portal, mesh.kubernetes, { name, rule });
    warmUp -= 1;
    if (warmUp < 0) {
      previews.push(took.preview);
      applies.push(took.apply);
      bare.push(took.bare);
    }
  }
  return {
    previewMs: spread(previews),
    applyMs: spread(applies),
    bareWriteMs: spread(bare),
    changesPanelMs: await panelMs(portal),
    fleetChangesMs: await fleetChangesMs(portal),
  };
}

/** The first rule of a service, where a VirtualService has it. */
async function virtualRuleOf(
  { client }: Portal,
  name: string,
): Promise<RuleName | undefined> {
  const { rules } = await client.get<RoutesView>(routesPath(name));
  const named = rules[0]?.named;
  return named?.object.kind === 'VirtualService' ? named : undefined;
}

async function changeOnce(
  portal: Portal,
  kubernetes: HttpClient,
  { name, rule }: { name: string; rule: RuleName },
) {
  const { client } = portal;
  const what = { intent: 'timeout', rule, timeoutMs: 1700 };
  let seen: ChangePreview | undefined;
  const preview = await timed(async () => {
    seen = await client.post(changesPath(name, '/preview'), { what });
  });
  const apply = await timed(() =>
    client.post(changesPath(name, '/apply'), {
      what,
      resourceVersion: seen!.resourceVersion,
      takeOver: true,
    }),
  );
  const bare = await timed(() =>
    kubernetes.patch(
      virtualServicePath(name),
      [{ op: 'replace', path: '/spec/http/0/timeout', value: '1.6s' }],
      'application/json-patch+json',
    ),
  );
  return { preview, apply, bare };
}

async function panelMs(portal: Portal): Promise<{ p50: number; p95: number }> {
  const name = nameOf(500);
  remember(portal.database, name);
  const times: number[] = [];
  for (let n = 0; n < PANELS; n += 1) {
    times.push(
      await timed(async () => {
        const { changes } = await portal.client.get<ChangesView>(
          changesPath(name),
        );
        if (changes.length === 0) {
          throw new Error('The panel shows no change');
        }
      }),
    );
  }
  return spread(times);
}

/** Page after page of all that is remembered; the panel before has filled the database. */
async function fleetChangesMs({ client }: Portal) {
  const times: number[] = [];
  let cursor: string | undefined;
  const turn = async () => {
    const { changes, next } = await client.get<FleetChangesPage>(
      `${FLEET_CHANGES_PATH}${cursor === undefined ? '' : `?cursor=${cursor}`}`,
    );
    if (changes.length === 0) {
      throw new Error('The fleet page shows no change');
    }
    cursor = next;
  };
  while (times.length < PANELS) {
    times.push(await timed(turn));
  }
  return spread(times);
}

/** As the portal itself writes them, but all at once. */
function remember(file: string, name: string): void {
  const database = new DatabaseSync(file);
  database.exec('pragma busy_timeout = 10000');
  const row = database
    .prepare('select * from mesh_changes order by number desc limit 1')
    .get() as Record<string, string | number | null>;
  const columns = Object.keys(row);
  const insert = database.prepare(
    `insert into mesh_changes (${columns.join()}) values (${columns
      .map(() => '?')
      .join()})`,
  );
  database.exec('begin');
  for (let n = 0; n < REMEMBERED; n += 1) {
    const service = n < REMEMBERED_OF_ONE ? name : nameOf(1 + (n % 400));
    const own = {
      id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      number: Number(row.number) - 1 - n,
      namespace: namespaceOf(service),
      service,
    };
    insert.run(...Object.values({ ...row, ...own }));
  }
  database.exec('commit');
  database.close();
}

function spread(times: number[]): { p50: number; p95: number } {
  const sorted = [...times].sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}
