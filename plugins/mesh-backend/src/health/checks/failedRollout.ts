import type { Check } from '../Health';

/** A new version was sent back; who serves is the one before. */
export const failedRollout: Check = ({ rollout }) =>
  rollout
    ? [{ harm: 'open', level: 'warning', sentence: rollout, tab: 'canary' }]
    : [];
