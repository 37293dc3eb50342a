import type { Traffic } from '../../metrics/Traffic';
import type { Check, Problem } from '../Health';
import { about, flagMeaning, listed } from '../words';

/** From this part on a caller is told to be refused, or turned away. */
const MUCH = 0.5;
const SOME = 0.05;

/** Whether a policy answered 403 or the application, the metrics do not tell; the mTLS tab says what the policies have to do with it. */
const ANSWERS = [
  { code: '401', why: 'they bring no token, or none that is valid' },
  { code: '403', why: undefined },
];

/** Callers whose requests the mesh answers 401 or 403, and requests beyond a rate limit. */
export const refusedCallers: Check = ({ traffic }) =>
  traffic ? [...refused(traffic), ...limited(traffic)] : [];

function refused(traffic: Traffic): Problem[] {
  const byCaller = [...traffic.partsBy(({ caller }) => caller)];
  return ANSWERS.flatMap(({ code, why }) => {
    const isIt = (edge: { code: string }) => edge.code === code;
    const hit = byCaller.filter(([, own]) => (own.shareOf(isIt) ?? 0) >= MUCH);
    if (hit.length === 0) {
      return [];
    }
    const isAll = hit.every(([, own]) => own.shareOf(isIt) === 1);
    const names = hit.map(([caller]) => caller).sort();
    return [
      {
        harm: 'refused' as const,
        level: 'warning' as const,
        sentence: `${isAll ? 'Every call' : 'Most calls'} from ${listed(
          names,
        )} ${isAll ? 'is' : 'are'} refused with ${code}${inWords(
          whyOf(
            traffic.where(edge => isIt(edge) && names.includes(edge.caller)),
            why,
          ),
        )}.`,
        tab: 'security' as const,
        share: traffic.shareOf(isIt),
      },
    ];
  });
}

function limited(traffic: Traffic): Problem[] {
  const isIt = (edge: { code: string }) => edge.code === '429';
  const share = traffic.shareOf(isIt) ?? 0;
  return share < SOME
    ? []
    : [
        {
          harm: 'refused',
          level: 'warning',
          sentence: `${about(share)} of requests are answered 429${inWords(
            whyOf(traffic.where(isIt), 'a rate limit turns them away'),
          )}.`,
          tab: 'routes',
          share,
        },
      ];
}

/** What the proxy's flag says, else what such an answer usually means. */
function whyOf(
  answered: Traffic,
  usual: string | undefined,
): string | undefined {
  const isOnPurpose = answered.edges.every(({ flags }) =>
    flags.split(',').includes('FI'),
  );
  return isOnPurpose ? flagMeaning('FI') : usual;
}

function inWords(why: string | undefined): string {
  return why === undefined ? '' : `: ${why}`;
}
