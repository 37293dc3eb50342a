import {
  RiAlertFill,
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiQuestionFill,
} from '@remixicon/react';
import type {
  ControlPlaneView,
  FleetPage,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import styles from '../frame/VerdictLine.module.css';
import { endOf } from './certificateEnd';

const ICONS = {
  ok: RiCheckboxCircleFill,
  warning: RiAlertFill,
  error: RiCloseCircleFill,
  unknown: RiQuestionFill,
};

const LEVELS: Verdict['level'][] = ['ok', 'unknown', 'warning', 'error'];

/** The page in one sentence: the services, then certificates and control planes as far as they are known. */
export function fleetSentence(
  services: Verdict,
  planes: ControlPlaneView[] | undefined,
  now: number,
): Verdict {
  if (!planes) {
    return services;
  }
  const ending = planes
    .flatMap(({ certificates }) => certificates)
    .filter(certificate => (endOf(certificate, now)?.days ?? Infinity) < 7);
  const troubled = planes.filter(({ verdict }) => verdict.level !== 'ok');
  const parts = [
    services.sentence,
    ending.length > 0 &&
      `${ending.length} ${
        ending.length === 1 ? 'certificate ends' : 'certificates end'
      } this week`,
    troubled.length === 0
      ? 'control plane in sync'
      : `control plane${
          planes.length > 1
            ? ` of ${troubled.map(({ cluster }) => cluster).join(', ')}`
            : ''
        }: ${troubled[0].verdict.sentence}`,
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
  const { level, sentence } = fleetSentence(
    props.page.verdict,
    props.planes,
    Date.now(),
  );
  const Icon = ICONS[level];
  return (
    <div
      className={`${styles.verdict} ${styles[level]}`}
      role="status"
      aria-label="The mesh"
    >
      <Icon size={22} aria-hidden className={styles.icon} />
      <p className={styles.sentence}>{sentence}</p>
    </div>
  );
}
