import type { MeshObjects } from '@meshdeck/istio-config';
import type { RootFlow } from '../traffic/flows/Flow';
import { flowIdsOf } from '../traffic/flows/flowId';
import { hash32, randomFrom } from '../traffic/seededRandom';
import type { ScopeFilter, Traffic } from '../traffic/Traffic';
import type { TrafficProfile } from '../traffic/TrafficProfile';
import type { JaegerTrace } from './model';
import { sampledShare } from './sampling';
import { SpanDraft, serviceNameOf } from './SpanDraft';
import { Requester, requesterOf, spanTags } from './spanTags';
import { TraceArtist } from './TraceArtist';
import { flowHash, traceIdOf, traceKeyOf } from './TraceId';

/** A trace that was sampled, drawn but not yet written out. */
export interface DrawnTrace {
  id: string;
  startUs: number;
  spans: readonly SpanDraft[];
  profile: TrafficProfile;
  set: MeshObjects;
}

/** The sampled traces of the stand-in cluster. None is kept: each is drawn anew, the same each time. */
export class Traces {
  static create(traffic: Traffic): Traces {
    return new Traces(
      traffic,
      new Map(traffic.profiles.map(profile => [profile.platform, profile])),
    );
  }

  private readonly hashes = new Map<string, ReadonlySet<number>>();

  private constructor(
    private readonly traffic: Traffic,
    private readonly profiles: ReadonlyMap<string, TrafficProfile>,
  ) {}

  find(id: string): DrawnTrace | undefined {
    const key = traceKeyOf(id, this.traffic.seed);
    if (!key || key.startUs / 1000 < this.traffic.originMs) {
      return undefined;
    }
    const startMs = key.startUs / 1000;
    const { set } = this.traffic.epochAt(startMs);
    const hashes = (platform: string) => this.hashesOf(platform).has(key.flow);
    const flow = this.traffic
      .flowsAt(startMs, (_scope, { platform }) => hashes(platform))
      .find(
        candidate =>
          flowHash(candidate.id) === key.flow &&
          this.beginsAt(candidate, set, key.startUs),
      );
    return flow && this.draw(flow, key.startUs);
  }

  /** Two streams may share a hash, but hardly the microsecond at which they have a request. */
  private beginsAt(flow: RootFlow, set: MeshObjects, startUs: number): boolean {
    const window = { fromMs: startUs / 1000, toMs: startUs / 1000 };
    return this.starts(flow, set, window).next().value === startUs;
  }

  /** The hashes of a profile's streams, for which no flow need be worked out. */
  private hashesOf(platform: string): ReadonlySet<number> {
    const known =
      this.hashes.get(platform) ??
      new Set(
        (this.profiles.get(platform)?.entries ?? [])
          .flatMap(flowIdsOf)
          .map(flowHash),
      );
    this.hashes.set(platform, known);
    return known;
  }

  /** The traces that begin in a window, the newest first; undefined stands for one from a requester who is not wanted. */
  *newestFirst(
    window: { fromMs: number; toMs: number },
    isInScope: ScopeFilter,
    isWanted: (flow: RootFlow) => boolean,
    isWantedFrom?: (requester: Requester) => boolean,
  ): Generator<DrawnTrace | undefined> {
    const fromMs = Math.max(window.fromMs, this.traffic.originMs);
    let toMs = Math.min(window.toMs, this.traffic.clock());
    while (toMs >= fromMs) {
      const epoch = this.traffic.epochAt(toMs);
      const flows = this.traffic
        .flowsAt(toMs, isInScope)
        .filter(flow => flow.traced && isWanted(flow));
      const sinceMs = Math.max(epoch.fromMs, fromMs);
      yield* this.ofFlows(
        flows,
        epoch.set,
        { fromMs: sinceMs, toMs },
        isWantedFrom,
      );
      toMs = epoch.fromMs - 0.001;
    }
  }

  private *ofFlows(
    flows: readonly RootFlow[],
    set: MeshObjects,
    window: { fromMs: number; toMs: number },
    isWantedFrom: ((requester: Requester) => boolean) | undefined,
  ): Generator<DrawnTrace | undefined> {
    const streams = flows.map(flow => ({
      flow,
      starts: this.starts(flow, set, window),
      nextUs: -1,
    }));
    streams.forEach(stream => {
      stream.nextUs = stream.starts.next().value ?? -1;
    });
    for (;;) {
      const newest = streams.reduce<(typeof streams)[number] | undefined>(
        (best, stream) =>
          stream.nextUs > (best?.nextUs ?? -1) ? stream : best,
        undefined,
      );
      if (!newest) {
        return;
      }
      const { flow, nextUs: startUs } = newest;
      newest.nextUs = newest.starts.next().value ?? -1;
      if (
        isWantedFrom &&
        !isWantedFrom(
          requesterOf(this.idOf(flow, startUs), this.profileOf(flow)),
        )
      ) {
        yield undefined;
        continue;
      }
      const trace = this.draw(flow, startUs);
      const endUs = Math.max(
        ...trace.spans.map(span => span.startUs + span.durationUs),
      );
      if (trace.spans.length > 0 && endUs / 1000 <= this.traffic.clock()) {
        yield trace;
      }
    }
  }

  /** When sampled requests of a stream begin, backwards: at most one in each slot, fewer where the stream is weak. */
  private *starts(
    flow: RootFlow,
    set: MeshObjects,
    window: { fromMs: number; toMs: number },
  ): Generator<number, undefined> {
    const perSecond =
      flow.requestsPerSecond * sampledShare(set, flow.shape.service.namespace);
    if (perSecond <= 0) {
      return undefined;
    }
    const slotUs = 1_000_000 / perSecond;
    const first = Math.floor((window.fromMs * 1000) / slotUs);
    for (
      let slot = Math.floor((window.toMs * 1000) / slotUs);
      slot >= first;
      slot--
    ) {
      const random = randomFrom(
        hash32(`${flow.id}/${slot}`, this.traffic.seed),
      );
      const startUs = Math.floor((slot + random()) * slotUs);
      if (
        startUs / 1000 >= window.fromMs &&
        startUs / 1000 <= window.toMs &&
        random() < flow.intensity.at(startUs / 1000)
      ) {
        yield startUs;
      }
    }
    return undefined;
  }

  private draw(flow: RootFlow, startUs: number): DrawnTrace {
    const profile = this.profileOf(flow);
    const id = this.idOf(flow, startUs);
    const artist = TraceArtist.create({
      random: randomFrom(hash32(id, this.traffic.seed)),
      applicationSpans: profile.applicationSpans,
    });
    return {
      id,
      startUs,
      spans: artist.draw(flow.shape, startUs),
      profile,
      set: this.traffic.epochAt(startUs / 1000).set,
    };
  }

  private idOf(flow: RootFlow, startUs: number): string {
    return traceIdOf({ flow: flowHash(flow.id), startUs }, this.traffic.seed);
  }

  private profileOf(flow: RootFlow): TrafficProfile {
    return this.profiles.get(flow.platform)!;
  }
}

/** A drawn trace in Jaeger's JSON. */
export function writeTrace(trace: DrawnTrace): JaegerTrace {
  const requester = requesterOf(trace.id, trace.profile);
  const processes: JaegerTrace['processes'] = {};
  const processOf = new Map<string, string>();
  const spans = trace.spans.map(span => {
    const serviceName = serviceNameOf(span.workload);
    const pod = span.workload.pods[0]?.metadata.name ?? span.workload.name;
    let processID = processOf.get(serviceName + pod);
    if (!processID) {
      processID = `p${processOf.size + 1}`;
      processOf.set(serviceName + pod, processID);
      processes[processID] = {
        serviceName,
        tags: [{ key: 'hostname', type: 'string', value: pod }],
      };
    }
    return {
      traceID: trace.id,
      spanID: span.id,
      flags: 1,
      operationName: span.operation,
      references:
        span.parentId === undefined
          ? []
          : [
              {
                refType: 'CHILD_OF' as const,
                traceID: trace.id,
                spanID: span.parentId,
              },
            ],
      startTime: Math.round(span.startUs),
      duration: Math.round(span.durationUs),
      tags: spanTags(span, requester, trace.set),
      logs: [],
      processID,
      warnings: null,
    };
  });
  return { traceID: trace.id, spans, processes, warnings: null };
}
