import type { MeshObjects } from '@meshdeck/istio-config';
import type { Request, Response } from 'express';
import { Queries } from '../prometheus/Queries';
import { ScrapeTimes } from '../prometheus/ScrapeTimes';
import { TrafficSeries } from '../prometheus/TrafficSeries';
import type { Traffic } from '../traffic/Traffic';
import { HealthTime, KialiHealth } from './KialiHealth';
import { KialiViews, ViewOptions } from './KialiViews';
import { intervalOf, listOf, queryTimeMs, textOf } from './queryParameters';

const SCRAPE_INTERVAL_MS = 15_000;

/** What all of Kiali's routes share: the cluster as it is now, and how parameters are read. */
export class KialiContext {
  static create(traffic: Traffic): KialiContext {
    const queries = Queries.create({
      source: TrafficSeries.create(traffic),
      scrapes: ScrapeTimes.create({
        intervalMs: SCRAPE_INTERVAL_MS,
        clock: traffic.clock,
      }),
    });
    const health = KialiHealth.create(queries);
    return new KialiContext(
      traffic,
      queries,
      health,
      KialiViews.create(health),
    );
  }

  private constructor(
    private readonly traffic: Traffic,
    readonly queries: Queries,
    readonly health: KialiHealth,
    readonly views: KialiViews,
  ) {}

  get set(): MeshObjects {
    return this.traffic.epochAt(this.traffic.clock()).set;
  }

  /** The namespaces that are asked for, else all. */
  namespaces(req: Request): string[] {
    return (
      listOf(req, 'namespaces') ??
      this.set.all('Namespace').map(({ metadata }) => metadata.name)
    );
  }

  timeMs(req: Request): number {
    return queryTimeMs(req, this.traffic.clock());
  }

  healthTime(req: Request): HealthTime {
    return {
      atMs: this.timeMs(req),
      interval: intervalOf(req, 'rateInterval', '5m'),
    };
  }

  viewOptions(req: Request, defaults: { health: boolean }): ViewOptions {
    const wantsHealth = textOf(req, 'health') ?? String(defaults.health);
    return {
      health: wantsHealth === 'true' ? this.healthTime(req) : undefined,
      validate:
        textOf(req, 'validate') === 'true' ||
        textOf(req, 'istioResources') === 'true',
    };
  }
}

export function answerOr404(
  res: Response,
  found: object | undefined,
  what: string,
): void {
  if (found) {
    res.json(found);
  } else {
    res.status(404).json({ error: `${what} not found` });
  }
}
