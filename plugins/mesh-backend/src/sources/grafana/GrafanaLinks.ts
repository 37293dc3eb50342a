import type {
  DashboardLink,
  Placement,
  TimeWindow,
} from '@meshdeck/plugin-mesh-common';
import type {
  GrafanaDashboard,
  GrafanaEndpoint,
} from '../../config/MeshSettings';
import { fetchJson, SourceObservation } from '../fetchJson';
import { SourceError } from '../SourceError';

/** Dashboards seldom get another uid. */
const GOOD_FOR_MS = 600_000;
const UID = /^[\w-]{1,40}$/;

interface GrafanaHit {
  uid?: string;
  title?: string;
}

/** Links to Grafana's dashboards, with namespace, service and time filled in. */
export class GrafanaLinks {
  static create(options: {
    endpoint: GrafanaEndpoint;
    deadlineMs: number;
    observe?: (observation: SourceObservation) => void;
    now?: () => number;
  }) {
    return new GrafanaLinks(options);
  }

  private readonly uids = new Map<
    string,
    { uid: Promise<string | undefined>; until: number }
  >();

  private constructor(
    private readonly options: Parameters<typeof GrafanaLinks.create>[0],
  ) {}

  /** One for each configured dashboard; a Grafana that fails costs the links that it had to be asked for. */
  links(
    placement: Pick<Placement, 'namespace' | 'service'>,
    window: TimeWindow,
  ): Promise<DashboardLink[]> {
    return Promise.all(
      this.options.endpoint.dashboards.map(dashboard =>
        this.link(dashboard, placement, window),
      ),
    );
  }

  private async link(
    dashboard: GrafanaDashboard,
    placement: Pick<Placement, 'namespace' | 'service'>,
    window: TimeWindow,
  ): Promise<DashboardLink> {
    const { title } = dashboard;
    try {
      const uid = dashboard.uid ?? (await this.uidOf(title));
      return uid === undefined
        ? {
            title,
            message: `Grafana has no dashboard with the title ${title}, or does not show it to the portal. Check mesh.grafana.dashboards, or pin it by its uid there.`,
          }
        : { title, url: this.urlOf(uid, dashboard, placement, window) };
    } catch (error) {
      if (!(error instanceof SourceError)) {
        throw error;
      }
      return { title, message: error.message };
    }
  }

  private urlOf(
    uid: string,
    { title, variables }: GrafanaDashboard,
    { namespace, service }: Pick<Placement, 'namespace' | 'service'>,
    window: TimeWindow,
  ): string {
    const slug = title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
    const parameters = new URLSearchParams({
      [`var-${variables.namespace}`]: namespace,
      [`var-${variables.service}`]: service,
      from: `now-${window}`,
      to: 'now',
    });
    return `${this.options.endpoint.publicUrl}/d/${encodeURIComponent(uid)}/${
      slug || '-'
    }?${parameters}`;
  }

  private uidOf(title: string): Promise<string | undefined> {
    const now = (this.options.now ?? Date.now)();
    const known = this.uids.get(title);
    if (known && known.until > now) {
      return known.uid;
    }
    const uid = this.find(title);
    this.uids.set(title, { uid, until: now + GOOD_FOR_MS });
    // A failure is not kept: the next one to ask may have more luck.
    uid.catch(() => this.uids.delete(title));
    return uid;
  }

  private async find(title: string): Promise<string | undefined> {
    const { endpoint, deadlineMs, observe } = this.options;
    const { status, body } = await fetchJson<GrafanaHit[]>({
      name: 'Grafana',
      configKey: 'mesh.grafana.url',
      endpoint,
      path: `/api/search?${new URLSearchParams({
        query: title,
        type: 'dash-db',
      })}`,
      deadlineMs,
      observe,
    });
    if (status !== 200 || !Array.isArray(body)) {
      throw new SourceError(
        `Grafana refused (${status}), so its dashboards cannot be found by their titles. Check mesh.grafana.headers, or pin them by uid in mesh.grafana.dashboards.`,
        { answered: status },
      );
    }
    // The search finds parts of titles, too.
    const hit = body.find(candidate => candidate?.title === title);
    return typeof hit?.uid === 'string' && UID.test(hit.uid)
      ? hit.uid
      : undefined;
  }
}
