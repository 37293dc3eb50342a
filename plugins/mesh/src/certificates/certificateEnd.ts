import type { CertificateView } from '@meshdeck/plugin-mesh-common';
import type { Translate } from '../translations/useMeshTranslation';
import type { StatusLevel } from '../view/verdict/StatusMark';

const DAY_MS = 86_400_000;
/** A certificate that nobody renews by itself wants this much time. */
const SOON_DAYS = 30;

/** In how many whole days a certificate ends; negative once it has; undefined where that is not known. */
export function daysLeft(
  certificate: CertificateView,
  now: number,
): number | undefined {
  return certificate.endsAt === undefined
    ? certificate.daysLeft
    : Math.floor((Date.parse(certificate.endsAt) - now) / DAY_MS);
}

/** Those of the proxies live for a day and renew themselves; one that has ended did not. */
export function renewsItself(
  certificate: CertificateView,
  now: number,
): boolean {
  const days = daysLeft(certificate, now);
  return (
    certificate.of.startsWith('proxies ') && days !== undefined && days >= 0
  );
}

/** When a certificate ends, in words and by its urgency. */
export function endIn(
  days: number,
  t: Translate,
): { words: string; level: StatusLevel } {
  if (days < 0) {
    return { words: t('certificates.ended'), level: 'error' };
  }
  return {
    words:
      days === 0
        ? t('certificates.endsToday')
        : t('certificates.endsIn', { count: days }),
    level: days < SOON_DAYS ? 'warning' : 'ok',
  };
}
