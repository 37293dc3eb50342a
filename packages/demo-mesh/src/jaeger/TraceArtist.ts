import type { Workload } from '@meshdeck/istio-config';
import type {
  Arrival,
  Branch,
  CallShape,
  Outcome,
} from '../traffic/flows/Flow';
import { hex8, Random } from '../traffic/seededRandom';
import { chooseEnd, Fate, shareWithFate } from './fate';
import { clientOperation, serverOperation, SpanDraft } from './SpanDraft';

const NETWORK_US = 400;
/** Longer traces than any real one of these platforms: a bound for call graphs gone wild. */
const MOST_SPANS = 400;

/** Draws one request's way through the mesh: the same one for the same random numbers. */
export class TraceArtist {
  static create(options: {
    random: Random;
    applicationSpans: boolean;
  }): TraceArtist {
    return new TraceArtist(options.random, options.applicationSpans);
  }

  private readonly spans: SpanDraft[] = [];

  private constructor(
    private readonly random: Random,
    private readonly applicationSpans: boolean,
  ) {}

  draw(shape: CallShape, startUs: number): readonly SpanDraft[] {
    this.call(shape, { startUs, fate: 'any' });
    return this.spans;
  }

  /** Draws a call and gives the microsecond at which the caller has its answer. */
  private call(
    shape: CallShape,
    context: { parentId?: string; startUs: number; fate: Fate },
  ): number {
    const { startUs, fate } = context;
    const chosen = chooseEnd(shape, fate, this.random);
    if (!chosen || this.spans.length >= MOST_SPANS) {
      return startUs;
    }
    const { branch, outcome } = chosen;
    const sampledUs = this.sampleUs(outcome);
    const client =
      branch.seen.bySource === 'requests'
        ? this.add({
            kind: 'client',
            parentId: context.parentId,
            workload: shape.caller.workload,
            operation: clientOperation(branch),
            startUs,
            durationUs: sampledUs,
            shape,
            branch,
            code: outcome.code,
            flags: outcome.flags,
          })
        : undefined;
    const parentId = client?.id ?? context.parentId;
    const { destination } = branch;
    const endUs =
      destination && branch.arrivals.length > 0
        ? this.attempts(shape, branch, destination, {
            outcome,
            parentId,
            startUs,
            sampledUs,
          })
        : startUs + sampledUs;
    if (client) {
      client.durationUs = Math.max(
        outcome.flags.includes('UT') ? sampledUs : endUs - startUs,
        1,
      );
      return startUs + client.durationUs;
    }
    return endUs;
  }

  /** The attempts at the destination; the caller's answer comes from the last. */
  private attempts(
    shape: CallShape,
    branch: Branch,
    workload: Workload,
    context: {
      outcome: Outcome;
      parentId?: string;
      startUs: number;
      sampledUs: number;
    },
  ): number {
    const { outcome, parentId, sampledUs } = context;
    const isExhausted = outcome.flags === 'URX';
    const failedBefore = isExhausted
      ? branch.retry.more
      : Number(
          branch.retry.more > 0 && this.random() < branch.retry.probability,
        );
    const delayUs = this.faultDelayUs(outcome, branch);
    const eachUs = Math.max((sampledUs - delayUs) / (failedBefore + 1), 50);
    let atUs = context.startUs + delayUs + NETWORK_US;
    for (let attempt = 0; attempt <= failedBefore; attempt++) {
      const isLast = attempt === failedBefore;
      const code =
        isLast && !isExhausted ? outcome.code : this.retriedCode(branch);
      const isCut = isLast && outcome.flags.includes('UT');
      atUs = this.serve(shape, branch, workload, {
        parentId,
        startUs: atUs,
        wantedUs: Math.max(eachUs - 2 * NETWORK_US, 50),
        code: isCut ? 0 : code,
        flags: isCut ? 'DC' : '-',
      });
    }
    return atUs + NETWORK_US;
  }

  /** One attempt as the destination lives it: its proxy's span, its own, and the calls it makes meanwhile. */
  private serve(
    shape: CallShape,
    branch: Branch,
    workload: Workload,
    attempt: {
      parentId?: string;
      startUs: number;
      wantedUs: number;
      code: number;
      flags: string;
    },
  ): number {
    const { startUs, wantedUs, code, flags } = attempt;
    const base = { workload, startUs, durationUs: wantedUs, shape, branch };
    const server =
      branch.seen.byDestination === 'requests'
        ? this.add({
            ...base,
            kind: 'server',
            parentId: attempt.parentId,
            operation: serverOperation(branch),
            code,
            flags,
          })
        : undefined;
    if (code === 403) {
      return startUs + wantedUs;
    }
    const application =
      server && this.applicationSpans
        ? this.add({
            ...base,
            kind: 'internal',
            parentId: server.id,
            operation: `${shape.request.method} ${shape.request.path}`,
            startUs: startUs + 100,
            code,
            flags,
          })
        : undefined;
    const busyUs = this.onwardCalls(branch, {
      parentId: application?.id ?? server?.id ?? attempt.parentId,
      startUs: startUs + 100 + wantedUs * 0.1 * this.random(),
      code,
    });
    const isCut = flags === 'DC';
    const endUs = isCut
      ? startUs + wantedUs
      : Math.max(startUs + wantedUs, busyUs + 150);
    if (server) {
      server.durationUs = endUs - startUs;
    }
    if (application) {
      application.durationUs = Math.max(endUs - startUs - 200, 1);
    }
    return endUs;
  }

  private onwardCalls(
    branch: Branch,
    context: { parentId?: string; startUs: number; code: number },
  ): number {
    let atUs = context.startUs;
    const culprit = this.culpritOf(branch, context.code);
    for (const call of branch.calls) {
      const isCulprit = call === culprit;
      const count =
        Math.floor(call.times) +
        Number(this.random() < call.times - Math.floor(call.times));
      const usual: Fate = call.needed ? 'ok' : 'any';
      const fate = isCulprit ? context.code : usual;
      for (let made = 0; made < Math.max(count, Number(isCulprit)); made++) {
        atUs =
          this.call(call.shape, {
            parentId: context.parentId,
            startUs: atUs,
            fate: made === 0 || fate === 'ok' ? fate : 'any',
          }) + 50;
      }
      if (isCulprit) {
        break;
      }
    }
    return atUs;
  }

  /** The needed call whose failure the answer passes on, if it is not the application's own. */
  private culpritOf(
    branch: Branch,
    code: number,
  ): Branch['calls'][number] | undefined {
    if (code < 400) {
      return undefined;
    }
    const all = branch.arrivals
      .filter(arrival => arrival.code === code)
      .reduce((sum, arrival) => sum + arrival.perRequest, 0);
    let left =
      (this.random() * all) /
      branch.arrivals.reduce((sum, arrival) => sum + arrival.perRequest, 0);
    return branch.calls.find(call => {
      left -= call.needed
        ? shareWithFate(call.shape, code) * Math.min(call.times, 1)
        : 0;
      return left < 0;
    });
  }

  private retriedCode(branch: Branch): number {
    const failures = branch.arrivals.filter(({ code }) => code >= 500);
    const total = failures.reduce((sum, item) => sum + item.perRequest, 0);
    let left = this.random() * total;
    return (
      failures.find(({ perRequest }) => (left -= perRequest) < 0)?.code ?? 503
    );
  }

  private faultDelayUs(outcome: Outcome, branch: Branch): number {
    if (!outcome.flags.includes('DI')) {
      return 0;
    }
    const plain = branch.outcomes.find(
      ({ code, flags }) => code === outcome.code && !flags.includes('DI'),
    );
    const extraMs =
      outcome.latency.meanMs -
      (plain?.latency.meanMs ?? branch.arrivals[0].latency.meanMs);
    return Math.max(extraMs * 1000, 0);
  }

  private sampleUs({ latency }: Outcome | Arrival): number {
    return Math.max(latency.sampleMs(this.random(), this.random()) * 1000, 1);
  }

  private add(span: Omit<SpanDraft, 'id'>): SpanDraft {
    const draft = {
      ...span,
      id:
        hex8(Math.floor(this.random() * 0x1_0000_0000)) +
        hex8(Math.floor(this.random() * 0x1_0000_0000)),
    };
    this.spans.push(draft);
    return draft;
  }
}
