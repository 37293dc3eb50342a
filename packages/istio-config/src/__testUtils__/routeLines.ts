import {
  describeAnswer,
  describeRequests,
  describeTreatment,
  percent,
} from '../routes/describeRule';
import type { EffectiveRoutes } from '../routes/types';

/** Effective routes as a person reads them: one line for each rule, as `GET /a → b:8080 90 %, c refused 10 %; times out after 1 s`. */
export function routeLines(routes: EffectiveRoutes): string[] {
  return routes.rules.map(rule => {
    const goesTo =
      describeAnswer(rule) ??
      rule.destinations
        .map(({ host, subset, port, share, state, refused }) =>
          [
            `${subset ?? host.split('.svc.')[0]}${port ? `:${port}` : ''}`,
            ...(refused ? [`refused (${refused.why})`] : []),
            ...(!refused && state !== 'ok' ? [state] : []),
            ...(share === 1 ? [] : [percent(share)]),
          ].join(' '),
        )
        .join(', ');
    return [
      `${describeRequests(rule, { alone: routes.rules.length === 1 }).join(
        ' | ',
      )} → ${goesTo}`,
      ...describeTreatment(rule),
    ].join('; ');
  });
}
