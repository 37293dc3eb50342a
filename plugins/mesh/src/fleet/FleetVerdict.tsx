import type {
  ControlPlaneView,
  FleetPage,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import { VerdictBox } from '../view/verdict/VerdictBox';
import { daysLeft } from '../certificates/certificateEnd';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';

const LEVELS: Verdict['level'][] = ['ok', 'unknown', 'warning', 'error'];

function planesInWords(planes: ControlPlaneView[], t: Translate): string {
  const troubled = planes.filter(({ verdict }) => verdict.level !== 'ok');
  if (troubled.length === 0) return t('fleet.inSync');
  const { sentence } = troubled[0].verdict;
  return planes.length > 1
    ? t('fleet.troubledIn', {
        clusters: troubled.map(({ cluster }) => cluster).join(', '),
        sentence,
      })
    : t('fleet.troubled', { sentence });
}

/** The page in one sentence: the services, then certificates and control planes as far as they are known. */
function fleetSentence(
  services: Verdict,
  planes: ControlPlaneView[] | undefined,
  now: number,
  t: Translate,
): Verdict {
  if (!planes) {
    return services;
  }
  const ending = planes
    .flatMap(({ certificates }) => certificates)
    .filter(certificate => (daysLeft(certificate, now) ?? Infinity) < 7);
  const parts = [
    services.sentence,
    ending.length > 0 && t('fleet.certificatesEnd', { count: ending.length }),
    planesInWords(planes, t),
  ].filter(Boolean);
  const rank = Math.max(
    ...[services, ...planes.map(({ verdict }) => verdict)].map(({ level }) =>
      LEVELS.indexOf(level),
    ),
  );
  return { level: LEVELS[rank], sentence: parts.join(' · ') };
}

/** The answer to "is it all right?", first thing on the page. */
export function FleetVerdict(props: {
  page: FleetPage;
  planes: ControlPlaneView[] | undefined;
}) {
  const { t } = useMeshTranslation();
  const { level, sentence } = fleetSentence(
    props.page.verdict,
    props.planes,
    Date.now(),
    t,
  );
  return (
    <VerdictBox level={level} label={t('fleet.verdict')}>
      {sentence}
    </VerdictBox>
  );
}
