import type {
  Placement,
  RolloutView,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import { verdict } from '../facts/verdicts';
import { failedGate } from './gates';
import { TOOL } from './rollouts';

/** The first sentence of the tab where a tool drives: what it does next, or what holds it up. */
export function rolloutVerdict(
  rollout: RolloutView,
  placement: Pick<Placement, 'service'>,
): Verdict {
  return rollout.provider === 'flagger'
    ? flaggerVerdict(rollout, placement.service)
    : argoVerdict(rollout, placement.service);
}

function flaggerVerdict(rollout: RolloutView, service: string): Verdict {
  const { phase, paused, weight = 0, nextWeight, gates } = rollout;
  if (phase === 'rolled back') {
    return verdict(
      'error',
      `Flagger rolled ${service} back: everything goes to the primary.${saying(
        rollout,
      )}`,
    );
  }
  if (paused) {
    return verdict('warning', `Flagger holds ${service}: ${paused}.`);
  }
  if (phase === 'analysing') {
    const failed = failedGate(gates);
    const next =
      nextWeight === undefined
        ? `promotes ${service} next`
        : `moves ${service} to ${nextWeight} % next`;
    if (failed) {
      return verdict(
        'error',
        `Flagger keeps ${service} at ${weight} %: ${failed.name} fails (${
          failed.canary ?? failed.reason
        }, ${failed.words})${failuresWords(rollout)}.`,
      );
    }
    return verdict('ok', `Flagger ${next}${gateWords(rollout)}.`);
  }
  if (phase === 'not taken up yet') {
    return verdict(
      'unknown',
      `Flagger has said nothing of ${service} yet. Check that it runs and watches this namespace.`,
    );
  }
  const idle: Record<string, string> = {
    promoted: `Flagger promoted ${service}: everything goes to the primary until there is a new version`,
    'waiting for a new version': `Flagger waits for a new version of ${service}: everything goes to the primary`,
    promoting: `Flagger promotes ${service}`,
  };
  return verdict(
    'ok',
    `${
      Object.hasOwn(idle, phase)
        ? idle[phase]
        : `Flagger: ${service} is ${phase}`
    }.`,
  );
}

function argoVerdict(rollout: RolloutView, service: string): Verdict {
  const { phase, paused, gates, step, nextWeight } = rollout;
  const failed = failedGate(gates);
  const because = failed
    ? ` ${failed.name} failed: ${ended(failed.reason)}`
    : saying(rollout);
  if (phase === 'aborted') {
    return verdict(
      'error',
      `Argo Rollouts aborted the rollout of ${service}: everything goes back to the stable version.${because}`,
    );
  }
  if (phase === 'degraded') {
    return verdict(
      'error',
      `Argo Rollouts says that ${service} is degraded.${because}`,
    );
  }
  if (failed) {
    return verdict('error', `${service}: gate${because}`);
  }
  const where = step
    ? `step ${step.number} of ${step.of}${weightWords(rollout)}`
    : undefined;
  if (paused) {
    // A pause with an end is a step like any other.
    return verdict(
      paused.startsWith('for ') ? 'ok' : 'warning',
      `Argo Rollouts waits ${
        where ? `at ${where}` : `with ${service}`
      } ${paused}.`,
    );
  }
  if (phase === 'done') {
    return verdict(
      'ok',
      `Argo Rollouts has nothing to do for ${service}: everything goes to its stable version.`,
    );
  }
  if (phase === 'not taken up yet') {
    return verdict(
      'unknown',
      `Argo Rollouts has said nothing of ${service} yet. Check that it runs and watches this namespace.`,
    );
  }
  return verdict(
    'ok',
    where
      ? `Argo Rollouts is at ${where} of ${service} and goes to ${nextWeight} % next${gateWords(
          rollout,
        )}.`
      : `${TOOL.argo} is ${phase} ${service}${gateWords(rollout)}.`,
  );
}

/** What the tool itself said last. */
function saying({ message }: RolloutView): string {
  return message ? ` It says: ${ended(message)}` : '';
}

function ended(sentence: string): string {
  return sentence.replace(/\.?$/, '.');
}

function failuresWords({ failedChecks, failedChecksAllowed }: RolloutView) {
  return failedChecks && failedChecksAllowed
    ? `; ${failedChecks} of ${failedChecksAllowed} failed checks until it rolls back`
    : '';
}

function weightWords({ weight }: RolloutView): string {
  return weight === undefined ? '' : ` (${weight} %)`;
}

function gateWords({ gates }: RolloutView): string {
  const unseen = gates.filter(({ verdict: own }) => own === 'unknown').length;
  if (gates.length === 0) {
    return '; it has no gates';
  }
  return unseen === 0
    ? '; all gates hold'
    : `, if its gates hold; ${unseen} of ${gates.length} cannot be seen yet`;
}
