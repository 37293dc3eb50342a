import { MeshObjects } from '@meshdeck/istio-config';
import type { ClusterObjects } from '../ClusterObjects';
import { Epoch, Epochs } from './Epochs';
import type { RootFlow } from './flows/Flow';
import { Intensity } from './Intensity';
import type { Meter } from './metrics/Meter';
import { LaneTraffic, TrafficLane } from './TrafficLane';
import type { TrafficProfile, TrafficScope } from './TrafficProfile';

/** Two days and a little: what compares with the day before finds one. */
const HISTORY_MS = 49 * 3_600_000;

/** Which traffic somebody asks about, where it is known to stay in some namespaces. */
export type ScopeFilter = (
  scope: TrafficScope,
  profile: TrafficProfile,
) => boolean;

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
      set: MeshObjects.create(objects.all()),
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
  private readonly lanes: readonly TrafficLane[];

  private constructor(
    private readonly epochs: Epochs,
    readonly profiles: readonly TrafficProfile[],
    readonly clock: () => number,
    readonly seed: number,
    /** The history begins here, with all counters at 0. */
    readonly originMs: number,
  ) {
    const scoped = profiles.filter(({ scope }) => scope);
    const elsewhere = new Set(scoped.flatMap(({ scope }) => scope!.called));
    const laneOf = (
      together: readonly TrafficProfile[],
      scope?: TrafficScope,
    ): TrafficLane =>
      TrafficLane.create({
        profiles: together,
        scope,
        elsewhere,
        intensityFor: (id, profile) => this.intensityFor(id, profile),
      });
    this.lanes = [
      laneOf(profiles.filter(({ scope }) => !scope)),
      ...scoped.map(profile => laneOf([profile], profile.scope)),
    ];
  }

  stop(): void {
    this.unsubscribe();
  }

  epochAt(timeMs: number): Epoch {
    return this.epochs.at(timeMs);
  }

  flowsAt(timeMs: number, isWanted?: ScopeFilter): readonly RootFlow[] {
    return this.lanesAt(timeMs, isWanted).flatMap(({ flows }) => flows);
  }

  /** The flows with the objects they obey, by what is worked out together. */
  lanesAt(timeMs: number, isWanted?: ScopeFilter): readonly LaneTraffic[] {
    const epochs = this.epochs.all();
    const at = epochs.indexOf(this.epochs.at(timeMs));
    return this.lanesFor(isWanted).map(lane => lane.at(epochs, at));
  }

  /** All counters there have ever been. */
  *meters(isWanted?: ScopeFilter): Iterable<Meter> {
    const epochs = this.epochs.all();
    for (const lane of this.lanesFor(isWanted)) {
      yield* lane.meters(epochs);
    }
  }

  private lanesFor(isWanted: ScopeFilter | undefined): readonly TrafficLane[] {
    return isWanted
      ? this.lanes.filter(
          ({ scope, profiles }) => !scope || isWanted(scope, profiles[0]),
        )
      : this.lanes;
  }

  /** Traffic that stays in a place rises and falls together. */
  private intensityFor(flow: string, profile: TrafficProfile): Intensity {
    const id = profile.scope ? profile.platform : flow;
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
