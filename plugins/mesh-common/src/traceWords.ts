import { serviceNameIn } from './readSpan';
import type { TracedParty, TraceFailure, TraceSummary } from './views/traces';

/** `inventory-service [canary]`, with the namespace only where it is another than the reader's. @public */
export function partyWords(party: TracedParty, namespace: string): string {
  const name = serviceNameIn(party.service, namespace);
  return party.version ? `${name} [${party.version}]` : name;
}

/** `503 UH`; undefined where it failed without either. @public */
export function failureCode(
  failure: Pick<TraceFailure, 'status' | 'flags'>,
): string | undefined {
  return (
    [failure.status, ...failure.flags].filter(Boolean).join(' ') || undefined
  );
}

/** Whether the service answered well although something in the trace failed. @public */
export function isMadeGood(
  trace: Pick<TraceSummary, 'outcome' | 'status'>,
): boolean {
  return (
    trace.outcome === 'error' &&
    trace.status !== undefined &&
    trace.status < 500
  );
}
