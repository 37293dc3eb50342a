import { MeshObjects } from '@meshdeck/istio-config';
import { parse } from 'yaml';
import type { Epoch } from './Epochs';
import type { RootFlow } from './flows/Flow';
import { FlowCalculator, IntensityFor } from './flows/FlowCalculator';
import { Meter } from './metrics/Meter';
import { meterRates } from './metrics/meterRates';
import { podMeters } from './metrics/podMeters';
import { scopedSet } from './scopedSet';
import type { TrafficProfile, TrafficScope } from './TrafficProfile';

/** Of this many epochs the flows stay in memory. */
const KEPT_EPOCHS = 40;
const KEPT_EPOCHS_OF_SCOPED = 2;

/** What flows, and the objects that it obeys. */
export interface LaneTraffic {
  flows: readonly RootFlow[];
  set: MeshObjects;
}

/**
 * Traffic that is worked out together: of all profiles that may reach anywhere, or of one that stays in its namespaces.
 */
export class TrafficLane {
  static create(options: {
    profiles: readonly TrafficProfile[];
    scope?: TrafficScope;
    intensityFor: IntensityFor;
    /** Namespaces whose changes mean nothing to this lane. */
    elsewhere: ReadonlySet<string>;
  }): TrafficLane {
    const { profiles, scope, intensityFor, elsewhere } = options;
    return new TrafficLane(profiles, scope, intensityFor, elsewhere);
  }

  private readonly byEpoch = new Map<number, LaneTraffic>();
  private readonly metersByKey = new Map<string, Meter>();
  private readonly namespaces: ReadonlySet<string> | undefined;
  /** Up to which epoch the meters know. */
  private metered = -1;

  private constructor(
    readonly profiles: readonly TrafficProfile[],
    readonly scope: TrafficScope | undefined,
    private readonly intensityFor: IntensityFor,
    private readonly elsewhere: ReadonlySet<string>,
  ) {
    this.namespaces = scope && new Set([...scope.callers, ...scope.called]);
  }

  /** What flows in the epoch at a place of the list. */
  at(epochs: readonly Epoch[], at: number): LaneTraffic {
    return this.of(epochs[this.decidingFor(epochs, at)]);
  }

  /** All counters there have ever been. */
  meters(epochs: readonly Epoch[]): Iterable<Meter> {
    epochs.forEach((epoch, at) => {
      if (epoch.index > this.metered) {
        if (this.metered < 0 || this.isTouchedBy(epoch)) {
          this.meter(epoch, this.at(epochs, at));
        }
        this.metered = epoch.index;
      }
    });
    return this.metersByKey.values();
  }

  private of(epoch: Epoch): LaneTraffic {
    let traffic = this.byEpoch.get(epoch.index);
    if (!traffic) {
      const set = this.namespaces
        ? scopedSet(epoch.set, this.namespaces)
        : epoch.set;
      const { profiles, intensityFor } = this;
      traffic = {
        set,
        flows: FlowCalculator.create({ set, profiles, intensityFor }).flows(),
      };
      this.byEpoch.set(epoch.index, traffic);
      const [oldest] = this.byEpoch.keys();
      if (
        this.byEpoch.size > (this.scope ? KEPT_EPOCHS_OF_SCOPED : KEPT_EPOCHS)
      ) {
        this.byEpoch.delete(oldest);
      }
    }
    return traffic;
  }

  /** The last epoch up to a place that changed anything here. */
  private decidingFor(epochs: readonly Epoch[], at: number): number {
    let deciding = at;
    while (deciding > 0 && !this.isTouchedBy(epochs[deciding])) {
      deciding--;
    }
    return deciding;
  }

  private isTouchedBy({ set, touched }: Epoch): boolean {
    const { rootNamespace } = set.meshConfig;
    return [...touched].some(namespace =>
      this.namespaces
        ? this.namespaces.has(namespace) ||
          namespace === rootNamespace ||
          namespace === ''
        : !this.elsewhere.has(namespace),
    );
  }

  private meter(epoch: Epoch, { flows, set }: LaneTraffic): void {
    const wanted = new Map([
      ...meterRates(flows, {
        namesPlaintextCallers: discoversMetadata(set),
      }),
      ...podMeters(flows, set),
    ]);
    for (const [key, { kind, labels, rates }] of wanted) {
      let meter = this.metersByKey.get(key);
      if (!meter) {
        const [first] = rates.values();
        meter = Meter.create({
          kind,
          labels,
          fromMs: epoch.fromMs,
          size: first.length,
        });
        this.metersByKey.set(key, meter);
      }
      meter.continueWith(epoch.fromMs, rates);
    }
    for (const [key, meter] of this.metersByKey) {
      if (!wanted.has(key)) {
        meter.continueWith(epoch.fromMs, new Map());
      }
    }
  }
}

/**
 * Whether proxies look callers up by address, so that metrics name callers without a proxy. Istio calls it metadata
 * discovery; without it such callers are `unknown`.
 */
function discoversMetadata(set: MeshObjects): boolean {
  const text = set.get('ConfigMap', set.meshConfig.rootNamespace, 'istio')?.data
    ?.mesh;
  if (typeof text !== 'string') {
    return false;
  }
  try {
    const value = parse(text, { maxAliasCount: 100 })?.defaultConfig
      ?.proxyMetadata?.ISTIO_META_METADATA_DISCOVERY;
    return String(value) === 'true';
  } catch {
    return false;
  }
}
