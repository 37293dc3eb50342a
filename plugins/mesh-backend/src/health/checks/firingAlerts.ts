import type { Check } from '../Health';

/** What the team itself wanted to be told. */
export const firingAlerts: Check = ({ alerts = [] }) =>
  alerts
    .filter(({ state }) => state === 'firing')
    .map(({ name, level, summary }) => ({
      harm: 'fails',
      level,
      sentence: `The alert ${name} is firing${
        summary ? `: ${summary.replace(/\.?$/, '.')}` : '.'
      }`,
      tab: 'overview',
    }));
