import { plaintextCallersOf } from '../../facts/callers';
import type { Check } from '../Health';
import { listed } from '../words';

/** Callers that came without encryption. */
export const plaintextCallers: Check = ({ traffic, config }) => {
  const callers = plaintextCallersOf(traffic);
  if (callers.length === 0) {
    return [];
  }
  const who = listed(callers, 3);
  return [
    config.isClosedToPlaintext
      ? {
          harm: 'fails',
          level: 'warning',
          sentence: `${who} called without encryption and cannot get in any more: only encrypted calls do.`,
          tab: 'security',
        }
      : {
          harm: 'open',
          level: 'warning',
          sentence: `${who} ${
            callers.length === 1 ? 'calls' : 'call'
          } without encryption.`,
          tab: 'security',
        },
  ];
};
