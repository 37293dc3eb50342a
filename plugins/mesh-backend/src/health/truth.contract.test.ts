import { readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import type { Entity } from '@backstage/catalog-model';
import { DemoMesh } from '@meshdeck/demo-mesh';
import {
  type FleetPage,
  HEALTH_WINDOW,
  type OverviewView,
  type SecurityView,
  type TopologyView,
  type Verdict,
} from '@meshdeck/plugin-mesh-common';
import { parseAllDocuments } from 'yaml';
import { eventually } from '../__testUtils__/eventually';
import { startPortal } from '../__testUtils__/startPortal';
import { KubeDeeds } from './__testUtils__/KubeDeeds';
import type { Situation } from './__testUtils__/Situation';
import { AS_THEY_ARE } from './__testUtils__/situationsAsTheyAre';
import { OF_ROUTES } from './__testUtils__/situationsOfRoutes';
import { OTHERS } from './__testUtils__/situationsOfOthers';

const PLATFORMS = join(__dirname, '../../../../examples/platforms');
const VIEWS = [
  'overview',
  'routes',
  'security',
  'traces',
  'canary',
  'topology',
  'opinion',
];
/** All that a health looks back on, and a little more. */
const PASSES_MS = 7 * 60_000;
const SEEN_WITHIN_MS = 15_000;
const ANYTHING = /^/;
/** Pages are asked one after the other while requests go on. */
const SAME_WITHIN = 0.02;
const LEAST_DIFFERENCE = 0.003;

function components(): Entity[] {
  return readdirSync(PLATFORMS).flatMap(platform =>
    parseAllDocuments(
      readFileSync(join(PLATFORMS, platform, 'catalog-info.yaml'), 'utf8'),
    )
      .map(document => document.toJS() as Entity | null)
      .filter(entity => entity?.kind === 'Component')
      .map(entity => ({
        ...entity!,
        metadata: { ...entity!.metadata, namespace: 'default' },
      })),
  );
}

/** The same whatever figure a moment gives. */
const withoutFigures = ({ level, sentence }: Verdict) =>
  `${level}: ${sentence.replace(/\d+(\.\d+)? %/g, 'N %')}`;

describe('the truth about a service', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  let deeds: KubeDeeds;
  let later = 0;
  const refs = new Map<string, string>();
  /** For `yarn prove:truth`. */
  const proved = {
    situations: [] as object[],
    figures: 0,
    disagree: [] as string[],
  };

  beforeAll(async () => {
    mesh = await DemoMesh.start({
      platforms: readdirSync(PLATFORMS).map(name => join(PLATFORMS, name)),
      clock: () => Date.now() + later,
    });
    portal = await startPortal({ mesh, entities: components() });
    deeds = new KubeDeeds(mesh.urls.kubernetes);
    await eventually(async () => {
      const { rows } = await fleet();
      const owned = rows.filter(({ entityRef }) => entityRef);
      if (owned.length === 0) {
        throw new Error('The catalog was not read yet');
      }
      owned.forEach(({ placement, entityRef }) =>
        refs.set(
          `${placement.namespace}/${placement.service}`,
          entityRef!.split('/')[1],
        ),
      );
    });
  });

  afterAll(async () => {
    portal.server.stop();
    await mesh.stop();
    const file = process.env.MESHDECK_TRUTH_FILE;
    if (file) {
      writeFileSync(file, JSON.stringify(proved));
    }
  });

  async function fleet(): Promise<FleetPage> {
    return (await portal.getPath('/fleet/services?limit=1000')).body;
  }

  /** The first sentence by the page that says it, and what else the overview says. */
  async function saidOf(service: string) {
    const id = `demo:${service.replace('/', ':')}`;
    const { rows } = await fleet();
    const row = rows.find(({ placement }) => placement.id === id);
    const said: Record<string, Verdict> = { fleet: row!.verdict };
    let also: Verdict[] = [];
    for (const view of VIEWS) {
      const { status, body } = await portal.get(
        refs.get(service)!,
        `/placements/${id}/${view}`,
      );
      expect(status).toBe(200);
      said[view] = body.verdict;
      also = view === 'overview' ? body.also : also;
    }
    return { said, also };
  }

  async function stage(situation: Situation): Promise<(() => Promise<void>)[]> {
    const undo: (() => Promise<void>)[] = [];
    for (const deed of situation.deeds ?? []) {
      undo.unshift(await deeds.do(deed));
    }
    const { away = [] } = situation;
    await Promise.all(away.map(source => mesh.setFault(source, 'refused')));
    undo.push(...away.map(source => () => mesh.setFault(source, undefined)));
    later += situation.passes ? PASSES_MS : 0;
    return undo;
  }

  it.each(
    [...AS_THEY_ARE, ...OF_ROUTES, ...OTHERS].map(
      situation => [situation.service, situation.name, situation] as const,
    ),
  )(
    '%s: %s',
    async (service, _name, situation) => {
      const undo = await stage(situation);
      const seen = {
        service,
        name: situation.name,
        wanted: situation.level,
        said: {} as Record<string, Verdict>,
        isRight: false,
      };
      proved.situations.push(seen);
      try {
        await eventually(async () => {
          const { said, also } = await saidOf(service);
          seen.said = said;
          const distinct = new Set(Object.values(said).map(withoutFigures));
          expect([...distinct]).toHaveLength(1);
          expect(said.overview.sentence).toMatch(situation.sentence);
          expect(said.overview.level).toBe(situation.level);
          const others = also.map(({ sentence }) => sentence).join('\n');
          expect(others).toMatch(situation.also ?? ANYTHING);
        }, SEEN_WITHIN_MS);
        seen.isRight = true;
      } finally {
        for (const back of undo) {
          await back();
        }
        later += undo.length > 0 ? PASSES_MS : 0;
      }
    },
    60_000,
  );

  it('is told in the same figures wherever one stands', async () => {
    const disagree: string[] = [];
    let compared = 0;
    for (const service of refs.keys()) {
      const figures = await figuresOf(service);
      for (const [name, values] of Object.entries(figures)) {
        const known = Object.values(values).filter(
          (value): value is number => value !== undefined,
        );
        const [least, most] = [Math.min(...known), Math.max(...known)];
        compared += known.length;
        if (most - least > Math.max(LEAST_DIFFERENCE, most * SAME_WITHIN)) {
          disagree.push(`${service} ${name}: ${JSON.stringify(values)}`);
        }
      }
    }
    proved.figures = compared;
    proved.disagree = disagree;
    expect(disagree).toEqual([]);
    expect(compared).toBeGreaterThan(200);
  }, 120_000);

  /** Each figure by the pages that show it, all of the same window. */
  async function figuresOf(
    service: string,
  ): Promise<Record<string, Record<string, number | undefined>>> {
    const id = `demo:${service.replace('/', ':')}`;
    const read = async (view: string) =>
      (
        await portal.get(
          refs.get(service)!,
          `/placements/${id}/${view}?window=${HEALTH_WINDOW}`,
        )
      ).body;
    const overview: OverviewView = await read('overview');
    const security: SecurityView = await read('security');
    const topology: TopologyView = await read('topology');
    const row = (await fleet()).rows.find(
      ({ placement }) => placement.id === id,
    )!;
    const into = topology.edges.filter(
      ({ to, protocol }) =>
        protocol === 'http' &&
        topology.nodes.some(node => node.isSubject && node.id === to),
    );
    const sum = (values: (number | undefined)[]) =>
      values.reduce<number>((total, value = 0) => total + value, 0);
    const requests = sum(into.map(edge => edge.requestsPerSecond));
    const failing = sum(
      into.map(
        ({ requestsPerSecond = 0, errorShare = 0 }) =>
          requestsPerSecond * errorShare,
      ),
    );
    return {
      requestsPerSecond: {
        fleet: row.requestsPerSecond,
        overview: overview.inMesh
          ? overview.requestsPerSecond.value
          : undefined,
        security: overview.inMesh
          ? sum(security.callers.map(caller => caller.requestsPerSecond))
          : undefined,
        topology: overview.inMesh ? requests : undefined,
      },
      errorShare: {
        fleet: row.errorShare,
        overview: overview.errorShare.value,
        topology: requests > 0 ? failing / requests : undefined,
      },
      mtlsShare: {
        fleet: row.mtlsShare,
        overview: overview.mtlsShare.value,
        security: security.mtlsShare,
      },
      findings: {
        fleet: sum(Object.values(row.findings)),
        overview: overview.findings.length,
      },
    };
  }
});
