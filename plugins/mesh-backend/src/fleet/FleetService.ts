import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type {
  FleetCoverageView,
  FleetPage,
  FleetQuery,
  FleetRow,
  FleetSource,
  SourceStatus,
} from '@meshdeck/plugin-mesh-common';
import { VisibleEntities } from '../access/VisibleEntities';
import type { ClusterStores } from '../cluster/ClusterStores';
import { PerCluster } from '../cluster/PerCluster';
import type { Ownership } from '../ownership/Ownership';
import type { Sources } from '../sources/Sources';
import { toCsv } from './fleetCsv';
import type { FleetFacts } from './fleetFacts';
import { dependsOnOwner, fitsByOwner, fitsPlainly } from './fleetFilter';
import { FleetNumbers, KnownNumbers } from './FleetNumbers';
import { FleetOrder, pageOf } from './fleetOrder';
import {
  coverageOf,
  fleetVerdict,
  KnownRow,
  summaryOf,
  toRow,
} from './fleetRows';
import { FleetTable, FleetTables } from './FleetTables';

const USUAL_LIMIT = 100;
/** The part of a view's deadline that a reader waits for what was never looked at before. */
const SHARE_OF_DEADLINE = 0.3;

/** The rows of one cluster, and what they were made of. */
interface ClusterRows {
  table: FleetTable;
  numbers: KnownNumbers;
  health: SourceStatus['status'];
  rows: readonly FleetRow[];
}

interface Fleet {
  rows: KnownRow[];
  pending: number;
  sources: FleetSource[];
}

/** All services of all clusters. */
export class FleetService {
  static create(options: {
    clusters: ClusterStores;
    sources: Sources;
    ownership: Ownership;
    permissions: PermissionsService;
    settings: { deadlineMs: number; refreshMs: number };
  }) {
    return new FleetService(options);
  }

  private readonly tables: FleetTables;
  private readonly numbers: FleetNumbers;
  private readonly made: PerCluster<ClusterRows>;

  private constructor(
    private readonly services: Parameters<typeof FleetService.create>[0],
  ) {
    const { clusters, sources, settings } = services;
    const patienceMs = settings.deadlineMs * SHARE_OF_DEADLINE;
    this.made = PerCluster.create(clusters);
    this.tables = FleetTables.create({ clusters, patienceMs });
    this.numbers = FleetNumbers.create({
      clusters,
      sources,
      refreshMs: settings.refreshMs,
      patienceMs,
    });
  }

  start(): void {
    this.tables.start();
  }

  async page(
    query: FleetQuery,
    credentials: BackstageCredentials,
  ): Promise<FleetPage> {
    const visible = this.visibleTo(credentials);
    const [fleet, seesAll] = await Promise.all([
      this.fleet(),
      visible.isUnlimited(),
    ]);
    const { fitting, seen } = await fit(fleet.rows, query, visible);
    const { rows, ...place } = pageOf(fitting, {
      ...orderOf(query),
      limit: query.limit ?? USUAL_LIMIT,
      cursor: query.cursor,
      seen,
    });
    const summary = summaryOf(
      fleet.rows.map(({ row }) => row),
      fleet.pending,
    );
    return {
      verdict: fleetVerdict(summary),
      rows: await forReader(rows, visible),
      total: fitting.length,
      ...place,
      summary,
      choices: choicesOf(fleet.rows, seesAll),
      sources: fleet.sources,
    };
  }

  /** All rows that fit, whatever the page. */
  async csv(
    query: FleetQuery,
    credentials: BackstageCredentials,
  ): Promise<string> {
    const visible = this.visibleTo(credentials);
    const fleet = await this.fleet();
    const { fitting, seen } = await fit(fleet.rows, query, visible);
    const { rows } = pageOf(fitting, {
      ...orderOf(query),
      limit: Infinity,
      seen,
    });
    return toCsv(await forReader(rows, visible));
  }

  async coverage(): Promise<FleetCoverageView> {
    const { rows, sources } = await this.fleet();
    return { namespaces: coverageOf(rows.map(({ row }) => row)), sources };
  }

  private visibleTo(credentials: BackstageCredentials): VisibleEntities {
    const { permissions } = this.services;
    return VisibleEntities.create({ permissions, credentials });
  }

  private async fleet(): Promise<Fleet> {
    const names = await this.services.clusters.names();
    const clusters = await Promise.all(names.map(name => this.cluster(name)));
    const claims = this.services.ownership.claims();
    return {
      rows: clusters.flatMap(({ cluster, table, rows }) =>
        rows.map((row, index) =>
          known(row, claims.find(cluster, table.facts[index].claimable)),
        ),
      ),
      pending: clusters.reduce((sum, { table }) => sum + table.pending, 0),
      sources: clusters.flatMap(({ cluster, sources }) =>
        sources.map(source => ({ cluster, ...source })),
      ),
    };
  }

  private async cluster(cluster: string) {
    const [{ table, source }, numbers] = await Promise.all([
      this.tables.get(cluster),
      this.numbers.get(cluster),
    ]);
    return {
      cluster,
      table,
      rows: this.rowsOf(cluster, table, numbers, source),
      sources: [source, numbers.source],
    };
  }

  /** Made once for all who look, as long as neither objects nor numbers are others. */
  private rowsOf(
    cluster: string,
    table: FleetTable,
    numbers: KnownNumbers,
    kubernetes: SourceStatus,
  ): readonly FleetRow[] {
    const { status: health } = kubernetes;
    const last = this.made.get(cluster);
    if (
      last?.table === table &&
      last.numbers === numbers &&
      last.health === health
    ) {
      return last.rows;
    }
    const rows = table.facts.map((facts: FleetFacts) =>
      toRow(facts, { cluster, kubernetes, numbers }),
    );
    this.made.set(cluster, { table, numbers, health, rows });
    return rows;
  }
}

function known(row: FleetRow, entity: KnownRow['entity']): KnownRow {
  const { service, namespace, cluster } = row.placement;
  return {
    row,
    entity,
    text: `${namespace}/${service} ${cluster} ${row.verdict.sentence}`.toLowerCase(),
  };
}

function orderOf({ sort = 'health', descending }: FleetQuery): FleetOrder {
  // Nobody looks for what is well first.
  return { sort, descending: descending ?? sort === 'health' };
}

/** The rows that fit for this reader: what they may not see neither finds nor sorts a row. */
async function fit(
  rows: readonly KnownRow[],
  query: FleetQuery,
  visibleEntities: VisibleEntities,
) {
  const plain = rows.filter(row => fitsPlainly(row, query));
  const visible = await visibleEntities.among(
    plain
      .filter(row => dependsOnOwner(row, query))
      .map(({ entity }) => entity!.ref),
  );
  const seen = ({ entity }: KnownRow) =>
    entity !== undefined && visible.has(entity.ref);
  return {
    fitting: plain.filter(row => fitsByOwner(row, query, seen(row))),
    seen,
  };
}

async function forReader(
  rows: readonly KnownRow[],
  visibleEntities: VisibleEntities,
): Promise<FleetRow[]> {
  const visible = await visibleEntities.among(
    rows.flatMap(({ entity }) => (entity ? [entity.ref] : [])),
  );
  return rows.map(({ row, entity }) =>
    entity && visible.has(entity.ref)
      ? {
          ...row,
          entityRef: entity.ref,
          owner: entity.owner,
          isClaimed: entity.isClaimed,
        }
      : row,
  );
}

function choicesOf(
  rows: readonly KnownRow[],
  seesAll: boolean,
): FleetPage['choices'] {
  const sorted = (values: (string | undefined)[]) =>
    [...new Set(values.filter(value => value !== undefined))].sort();
  return {
    clusters: sorted(rows.map(({ row }) => row.placement.cluster)),
    namespaces: sorted(rows.map(({ row }) => row.placement.namespace)),
    owners: seesAll
      ? sorted(rows.map(({ entity }) => entity?.owner))
      : undefined,
  };
}
