import type {
  SourceStatus,
  TimeWindow,
  TraceSummary,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import { verdict } from '../facts/verdicts';

/** The sentence over the traces. */
export function tracesVerdict(
  source: SourceStatus,
  traces: readonly TraceSummary[] | undefined,
  window: TimeWindow,
): Verdict {
  if (!traces) {
    return verdict(
      'unknown',
      source.message ?? 'The tracing system cannot be read.',
    );
  }
  if (traces.length === 0) {
    return verdict('ok', `No trace of the last ${window} fits.`);
  }
  const failed = traces.filter(({ outcome }) => outcome === 'error').length;
  const slowest = Math.max(...traces.map(({ durationMs }) => durationMs));
  return verdict(
    failed ? 'warning' : 'ok',
    `${failed || 'None'} of ${
      traces.length
    } traces failed; the slowest took ${Math.round(slowest)} ms.`,
  );
}
