import type { CertificateView } from '@meshdeck/plugin-mesh-common';
import type { StatusLevel } from '../frame/StatusMark';

const DAY_MS = 86_400_000;
/** A certificate that nobody renews by itself wants this much time. */
const SOON_DAYS = 30;

/** When a certificate ends, in words and by its urgency; undefined where that is not known. */
export function endOf(
  { endsAt, daysLeft }: CertificateView,
  now: number,
): { days: number; words: string; level: StatusLevel } | undefined {
  if (endsAt === undefined && daysLeft === undefined) {
    return undefined;
  }
  const days = endsAt
    ? Math.floor((Date.parse(endsAt) - now) / DAY_MS)
    : daysLeft!;
  if (days < 0) {
    return { days, words: 'has ended', level: 'error' };
  }
  const inDays = days === 1 ? '1 day' : `${days.toLocaleString('en-GB')} days`;
  return {
    days,
    words: days === 0 ? 'ends within a day' : `ends in ${inDays}`,
    level: days < SOON_DAYS ? 'warning' : 'ok',
  };
}
