import type { Check } from '../Health';

/** Severities that nobody is woken for. */
const MILD = ['info', 'none', 'warning', 'warn', 'ticket', 'low'];

/** What the team itself wanted to be told. */
export const firingAlerts: Check = ({ alerts = [] }) =>
  alerts
    .filter(({ state }) => state === 'firing')
    .map(({ name, severity, summary }) => ({
      harm: 'fails',
      level: MILD.includes(severity?.toLowerCase() ?? '') ? 'warning' : 'error',
      sentence: `The alert ${name} is firing${
        summary ? `: ${summary.replace(/\.?$/, '.')}` : '.'
      }`,
      tab: 'overview',
    }));
