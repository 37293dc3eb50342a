import { MeshObjects, Workload, workloadsIn } from '@meshdeck/istio-config';
import type { Intensity } from '../Intensity';
import type {
  OnwardCall,
  Operation,
  ServiceName,
  ServiceProfile,
  TrafficEntry,
  TrafficProfile,
} from '../TrafficProfile';
import { applicationAnswers, delaysOf, Dependency } from './application';
import { behaviourOf, isProbe } from './behaviour';
import { callShape } from './callShape';
import { defaultEntries } from './defaultEntries';
import type { Caller, CallShape, RootFlow } from './Flow';
import { entryId, flowIdsOf } from './flowId';
import { protocolOf } from './protocol';
import { addressOf } from './splitCall';

/** Gives each stream of requests its own daily pattern; the same one in each epoch. */
export type IntensityFor = (id: string, profile: TrafficProfile) => Intensity;

/** What flows where while one configuration is in force. */
export class FlowCalculator {
  static create(options: {
    set: MeshObjects;
    profiles: readonly TrafficProfile[];
    intensityFor: IntensityFor;
  }): FlowCalculator {
    return new FlowCalculator(
      options.set,
      options.profiles,
      options.intensityFor,
      new Map(
        options.profiles
          .flatMap(({ services }) => services)
          .map(profile => [keyOf(profile.service), profile]),
      ),
    );
  }

  private readonly shapes = new Map<string, CallShape | undefined>();
  private readonly inProgress = new Set<string>();

  private constructor(
    private readonly set: MeshObjects,
    private readonly profiles: readonly TrafficProfile[],
    private readonly intensityFor: IntensityFor,
    private readonly behaviours: ReadonlyMap<string, ServiceProfile>,
  ) {}

  flows(): RootFlow[] {
    return this.profiles.flatMap(profile =>
      [
        ...profile.entries,
        ...defaultEntries(this.set, this.profiles, profile),
      ].flatMap(entry => this.rootFlows(entry, profile)),
    );
  }

  private rootFlows(entry: TrafficEntry, profile: TrafficProfile): RootFlow[] {
    const caller = this.callerOf(entry);
    if (!caller) {
      return [];
    }
    const plain = 1 - entry.headers.reduce((sum, { share }) => sum + share, 0);
    const id = entryId(entry);
    const flowIds = flowIdsOf(entry);
    return [{ share: plain, set: {} }, ...entry.headers].flatMap(
      (variant, index) => {
        const shape =
          variant.share > 0
            ? this.shapeOf(caller, entry, variant.set)
            : undefined;
        return shape
          ? [
              {
                id: flowIds[index],
                platform: profile.platform,
                intensity: this.intensityFor(id, profile),
                requestsPerSecond: entry.requestsPerSecond * variant.share,
                shape,
                traced: !isProbe(entry.request),
              },
            ]
          : [];
      },
    );
  }

  private callerOf(entry: TrafficEntry): Caller | undefined {
    const workload = workloadsIn(this.set, entry.from.namespace).find(
      ({ name }) => name === entry.from.workload,
    );
    return workload && workload.readyPods > 0
      ? asCaller(workload, entry.through)
      : undefined;
  }

  /** The same for the same caller, target, operation and headers; undefined where the Service is unknown to DNS. */
  private shapeOf(
    caller: Caller,
    call: { to: ServiceName; port?: number; request: Operation },
    headers: Record<string, string>,
  ): CallShape | undefined {
    const key = JSON.stringify([
      caller.workload.namespace,
      caller.workload.kind,
      caller.workload.name,
      caller.through,
      call.to,
      call.port,
      call.request,
      headers,
    ]);
    if (this.shapes.has(key)) {
      return this.shapes.get(key);
    }
    const to = addressOf(this.set, call.to, call.port);
    // Services that call each other in a circle: the inner call is left out.
    if (!to || this.inProgress.has(key)) {
      return undefined;
    }
    this.inProgress.add(key);
    const service = this.set.get('Service', to.namespace, to.name);
    const shape = callShape(
      this.set,
      { caller, to, request: { ...call.request, headers } },
      service ? protocolOf(service, to.port) : 'http',
      (workload, asked, way) => {
        const profile = this.behaviours.get(keyOf(way.service));
        const dependencies = this.dependenciesOf(
          workload,
          profile,
          asked.request,
          headers,
        );
        return {
          answers: applicationAnswers(
            behaviourOf(workload, profile, asked.request),
            dependencies,
          ),
          calls: dependencies,
          delays: delaysOf(dependencies),
        };
      },
    );
    this.inProgress.delete(key);
    this.shapes.set(key, shape);
    return shape;
  }

  private dependenciesOf(
    workload: Workload,
    profile: ServiceProfile | undefined,
    request: Operation,
    headers: Record<string, string>,
  ): Dependency[] {
    const isDuring = (call: OnwardCall) =>
      call.during.method === request.method &&
      call.during.path === request.path;
    return (profile?.calls ?? []).filter(isDuring).flatMap(call => {
      const shape = this.shapeOf(asCaller(workload), call, headers);
      return shape ? [{ times: call.times, needed: call.needed, shape }] : [];
    });
  }
}

function asCaller(
  workload: Workload,
  through?: TrafficEntry['through'],
): Caller {
  if (through) {
    return { workload, proxy: 'gateway', through };
  }
  return { workload, proxy: workload.dataPlane };
}

function keyOf({ namespace, name }: ServiceName): string {
  return `${namespace}/${name}`;
}
