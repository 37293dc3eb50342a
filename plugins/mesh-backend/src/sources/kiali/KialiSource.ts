import { pathSegment, type Placement } from '@meshdeck/plugin-mesh-common';
import type { KialiEndpoint } from '../../config/MeshSettings';
import { endpointIdentity } from '../endpointIdentity';
import {
  fetchJson,
  type JsonAnswer,
  type SourceObservation,
} from '../fetchJson';
import type { SourceCache } from '../SourceCache';
import { SourceError } from '../SourceError';
import { KialiReport, kialiReport, KialiServiceDetails } from './kialiReport';
import { kialiLink } from './kialiLink';
import { KialiSession } from './KialiSession';

interface KialiStatus {
  status?: Record<string, string>;
}

/**
 * Asks Kiali, with fixed paths and no others. Its API is internal and changes; the details of a service are where
 * Kiali 1 and 2 agree on path and parameters, so health and validations both come from there.
 */
export class KialiSource {
  static create(options: {
    endpoint: KialiEndpoint;
    deadlineMs: number;
    cache: SourceCache;
    observe?: (observation: SourceObservation) => void;
  }) {
    return new KialiSource(options);
  }

  private readonly session: KialiSession;
  private readonly identity: string;

  private constructor(
    private readonly options: Parameters<typeof KialiSource.create>[0],
  ) {
    this.identity = endpointIdentity(options.endpoint, options.endpoint.token);
    this.session = KialiSession.create({
      token: options.endpoint.token,
      login: form =>
        this.send('/api/authenticate', {
          form,
          deadlineMs: options.deadlineMs / 2,
        }),
    });
  }

  /** Kiali's version; undefined where it does not tell. */
  async version(): Promise<string | undefined> {
    const { status } = await this.ask<KialiStatus>('/api/status');
    const version = status?.['Kiali version'];
    return typeof version === 'string' ? version : undefined;
  }

  /** Kiali's health and validations for a service. */
  async report({
    id,
    namespace,
    service,
  }: Pick<Placement, 'id' | 'namespace' | 'service'>): Promise<KialiReport> {
    const { cache, endpoint } = this.options;
    const { clusterName } = endpoint;
    // Since 2.31 any parameter that a route does not know is refused.
    const parameters = new URLSearchParams({
      validate: 'true',
      rateInterval: '5m',
      ...(clusterName ? { clusterName } : {}),
    });
    const path = `/api/namespaces/${pathSegment(
      namespace,
    )}/services/${pathSegment(service)}?${parameters}`;
    return cache.answer<KialiReport>(
      { scope: id, question: `${this.identity} ${path}` },
      async () => {
        const [{ version }, details] = await Promise.all([
          this.knownVersion(),
          this.ask<KialiServiceDetails>(path),
        ]);
        return kialiReport(details, version);
      },
    );
  }

  /** Where a person sees the service in Kiali. */
  links(placement: Pick<Placement, 'namespace' | 'service'>) {
    return kialiLink(this.options.endpoint, placement);
  }

  private knownVersion(): Promise<{ version?: string }> {
    return this.options.cache.answer<{ version?: string }>(
      { scope: this.identity, question: 'version' },
      async () => ({ version: await this.version() }),
    );
  }

  /** Asks with the session there is; one that has ended is renewed once. All of it within one deadline. */
  private async ask<T>(path: string): Promise<T> {
    const until = performance.now() + this.options.deadlineMs;
    const headers = this.session.headers;
    const first = await this.send<T>(path, { headers });
    if (first.status !== 401) {
      return this.checked(first);
    }
    if (!this.session.canOpen) {
      throw await this.loginNeeded(until);
    }
    await this.session.renew(headers);
    return this.checked(
      await this.send<T>(path, {
        headers: this.session.headers,
        deadlineMs: leftUntil(until),
      }),
    );
  }

  private checked<T>({ status, body }: { status: number; body?: T }): T {
    if (status !== 200 || !body || typeof body !== 'object') {
      const { error } = (body ?? {}) as { error?: unknown };
      throw new SourceError(
        `Kiali refused (${status}): ${
          typeof error === 'string' ? error : 'it gave no reason'
        }. Its part is missing here; check mesh.kiali.url, and that mesh.kiali.clusterName is Kiali’s name of the cluster.`,
        { answered: status },
      );
    }
    return body;
  }

  /** A refusal is an answer, too, be it JSON or not. */
  private async send<T>(
    path: string,
    request: {
      headers?: Record<string, string>;
      form?: URLSearchParams;
      deadlineMs?: number;
    },
  ): Promise<Omit<JsonAnswer<T>, 'body'> & { body?: T }> {
    const { endpoint, deadlineMs, observe } = this.options;
    try {
      return await fetchJson<T>({
        name: 'Kiali',
        configKey: 'mesh.kiali.url',
        endpoint,
        path,
        deadlineMs,
        observe,
        ...request,
      });
    } catch (error) {
      if (error instanceof SourceError && error.answered === 401) {
        return { status: 401, cookies: [] };
      }
      throw error;
    }
  }

  private async loginNeeded(until: number): Promise<SourceError> {
    const { body } = await this.send<{ strategy?: string }>('/api/auth/info', {
      deadlineMs: leftUntil(until),
    });
    return new SourceError(remedyFor(body?.strategy), { answered: 401 });
  }
}

function leftUntil(moment: number): number {
  return Math.max(Math.round(moment - performance.now()), 1);
}

function remedyFor(strategy: string | undefined): string {
  switch (strategy) {
    case 'token':
      return 'Kiali refuses the portal (401): it wants a token. Put one of a service account into mesh.kiali.token.';
    case 'header':
    case 'openshift':
      return `Kiali refuses the portal (401): it wants the header Authorization (strategy ${strategy}). Put it into mesh.kiali.headers.`;
    case 'openid':
      return 'Kiali refuses the portal (401): with the strategy openid only people can log in. Its links work; for its opinion give it another strategy.';
    default:
      return 'Kiali refuses the portal (401). Check mesh.kiali.headers, and what stands before Kiali.';
  }
}
