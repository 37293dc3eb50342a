import { MeshConfigSet } from '@meshdeck/istio-config';
import { parse } from 'yaml';
import type { ClusterObjects } from '../ClusterObjects';
import { Epoch, Epochs } from './Epochs';
import type { RootFlow } from './flows/Flow';
import { FlowCalculator } from './flows/FlowCalculator';
import { Intensity } from './Intensity';
import { Meter } from './metrics/Meter';
import { meterRates } from './metrics/meterRates';
import type { TrafficProfile } from './TrafficProfile';

const HISTORY_MS = 24 * 3_600_000;
/** Of this many epochs the flows stay in memory. */
const KEPT_EPOCHS = 40;

/** The traffic of the stand-in cluster: a pure function of its objects' history, the profiles, the seed and the time. */
export class Traffic {
  static create(options: {
    objects: ClusterObjects;
    profiles: readonly TrafficProfile[];
    clock: () => number;
    seed?: number;
    historyMs?: number;
  }): Traffic {
    const { objects, clock } = options;
    const originMs = clock() - (options.historyMs ?? HISTORY_MS);
    const epochs = Epochs.create({
      set: MeshConfigSet.create(objects.all()),
      fromMs: originMs,
      clock,
    });
    const traffic = new Traffic(
      epochs,
      options.profiles,
      clock,
      options.seed ?? 1,
      originMs,
    );
    traffic.unsubscribe = objects.subscribe(change => epochs.record(change));
    return traffic;
  }

  private unsubscribe = () => {};
  private readonly intensities = new Map<string, Intensity>();
  private readonly flowsByEpoch = new Map<number, readonly RootFlow[]>();
  private readonly metersByKey = new Map<string, Meter>();
  private metered = 0;

  private constructor(
    private readonly epochs: Epochs,
    readonly profiles: readonly TrafficProfile[],
    readonly clock: () => number,
    readonly seed: number,
    /** The history begins here, with all counters at 0. */
    readonly originMs: number,
  ) {}

  stop(): void {
    this.unsubscribe();
  }

  epochAt(timeMs: number): Epoch {
    return this.epochs.at(timeMs);
  }

  flowsAt(timeMs: number): readonly RootFlow[] {
    return this.flowsOf(this.epochs.at(timeMs));
  }

  /** All counters there have ever been. */
  meters(): Iterable<Meter> {
    const all = this.epochs.all();
    while (this.metered < all.length) {
      this.meterEpoch(all[this.metered]);
      this.metered++;
    }
    return this.metersByKey.values();
  }

  private meterEpoch(epoch: Epoch): void {
    const wanted = meterRates(this.flowsOf(epoch), {
      namesPlaintextCallers: discoversMetadata(epoch.set),
    });
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

  private flowsOf(epoch: Epoch): readonly RootFlow[] {
    let flows = this.flowsByEpoch.get(epoch.index);
    if (!flows) {
      flows = FlowCalculator.create({
        set: epoch.set,
        profiles: this.profiles,
        intensityFor: (id, profile) => this.intensityFor(id, profile),
      }).flows();
      this.flowsByEpoch.set(epoch.index, flows);
      const [oldest] = this.flowsByEpoch.keys();
      if (this.flowsByEpoch.size > KEPT_EPOCHS) {
        this.flowsByEpoch.delete(oldest);
      }
    }
    return flows;
  }

  private intensityFor(id: string, profile: TrafficProfile): Intensity {
    let intensity = this.intensities.get(id);
    if (!intensity) {
      intensity = Intensity.create({
        id,
        day: profile.day,
        seed: this.seed,
        originMs: this.originMs,
      });
      this.intensities.set(id, intensity);
    }
    return intensity;
  }
}

/**
 * Whether proxies look callers up by address, so that metrics name callers without a proxy. Istio calls it metadata
 * discovery; without it such callers are `unknown`.
 */
function discoversMetadata(set: MeshConfigSet): boolean {
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
