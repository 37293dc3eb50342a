import type {
  ControlPlaneView,
  SourceStatus,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import { verdict } from '../facts/verdicts';

const DAY_MS = 86_400_000;
/** A new root has to reach every proxy before the old one ends. */
const ROOT_SOON_DAYS = 90;
const GATEWAY_SOON_DAYS = 14;
const SLOW_CONVERGENCE_MS = 10_000;
/** Proxies that start or stop just now are not connected for a moment. */
const FEW_MISSING = 0.02;

type Facts = Omit<ControlPlaneView, 'cluster' | 'verdict' | 'sources'> & {
  kubernetes: SourceStatus;
  rootNamespace: string;
  nowMs: number;
};

/** Whether the proxies of a cluster get what istiod decides, the worst thing first. */
export function controlPlaneVerdict(facts: Facts): Verdict {
  return (
    unreadable(facts) ??
    notRunning(facts) ??
    pushErrors(facts) ??
    certificateEnds(facts) ??
    disconnectedProxies(facts) ??
    skewed(facts) ??
    slow(facts) ??
    inSync(facts)
  );
}

function unreadable({ kubernetes }: Facts) {
  return kubernetes.status === 'down'
    ? verdict('unknown', kubernetes.message ?? 'The cluster cannot be read.')
    : undefined;
}

function notRunning({ istiod, rootNamespace, connectedProxies }: Facts) {
  if (istiod.length === 0) {
    return connectedProxies
      ? verdict(
          'ok',
          `istiod runs outside this cluster; ${proxies(
            connectedProxies,
          )} connected to it.`,
        )
      : verdict(
          'warning',
          `No istiod runs in namespace ${rootNamespace}. Unless the mesh is steered from another cluster, proxies get no more changes.`,
        );
  }
  const ready = istiod.reduce((sum, { readyPods }) => sum + readyPods, 0);
  if (ready === 0) {
    return verdict(
      'error',
      'No pod of istiod is ready: proxies keep what they have, and get neither changes nor new certificates.',
    );
  }
  const short = istiod.find(({ pods, readyPods }) => readyPods < pods);
  return (
    short &&
    verdict(
      'warning',
      `${short.readyPods} of ${short.pods} pods of ${short.name} are ready.`,
    )
  );
}

function pushErrors({ pushErrorsPerSecond }: Facts) {
  return pushErrorsPerSecond
    ? verdict(
        'warning',
        'Pushes fail or are rejected by proxies, which keep their old configuration. The log of istiod names them.',
      )
    : undefined;
}

function certificateEnds({ certificates, nowMs }: Facts) {
  const [next] = certificates
    .flatMap(({ of, endsAt }) =>
      endsAt ? [{ of, days: (Date.parse(endsAt) - nowMs) / DAY_MS }] : [],
    )
    .filter(
      ({ of, days }) =>
        days <
        (of.startsWith('Mesh root') ? ROOT_SOON_DAYS : GATEWAY_SOON_DAYS),
    )
    .sort((a, b) => a.days - b.days);
  if (!next) {
    return undefined;
  }
  return next.days < 0
    ? verdict('error', `The certificate of the ${next.of} has ended.`)
    : verdict(
        'warning',
        `The certificate of the ${next.of} ends in ${Math.floor(
          next.days,
        )} days.`,
      );
}

function disconnectedProxies({ connectedProxies, proxies: known }: Facts) {
  const there = known.reduce((sum, { count }) => sum + count, 0);
  const missing = there - (connectedProxies ?? there);
  return missing > Math.max(there * FEW_MISSING, 1)
    ? verdict(
        'warning',
        `${missing} of ${proxies(
          there,
        )} not connected to istiod, so changes do not reach them.`,
      )
    : undefined;
}

function skewed({ istiod, proxies: known }: Facts) {
  const off = known.filter(({ skew }) => skew === 'behind' || skew === 'ahead');
  const [first] = off;
  if (!first) {
    return undefined;
  }
  const sum = off.reduce((total, { count }) => total + count, 0);
  return verdict(
    'warning',
    `${proxies(sum)} not of a version that istiod ${
      istiod[0]?.version ?? ''
    } supports: ${first.version} is ${first.skew}. ${
      first.skew === 'behind'
        ? 'Restart their pods, so that they get the new proxy.'
        : 'Upgrade istiod first.'
    }`,
  );
}

function slow({ convergenceP99Ms }: Facts) {
  return convergenceP99Ms !== undefined &&
    convergenceP99Ms > SLOW_CONVERGENCE_MS
    ? verdict(
        'warning',
        `A change takes ${Math.round(
          convergenceP99Ms / 1000,
        )} s to reach the proxies. Give istiod more processor time, or scope what each proxy gets with Sidecars.`,
      )
    : undefined;
}

function inSync({ istiod, connectedProxies }: Facts): Verdict {
  const versions = [...new Set(istiod.flatMap(({ version }) => version ?? []))];
  const parts = [
    `istiod ${versions.join(' and ')}`.trim(),
    connectedProxies !== undefined && `${proxies(connectedProxies)} connected`,
  ].filter(Boolean);
  return verdict('ok', `In sync: ${parts.join(', ')}.`);
}

function proxies(count: number): string {
  return `${count.toLocaleString('en-GB')} ${
    count === 1 ? 'proxy is' : 'proxies are'
  }`;
}
