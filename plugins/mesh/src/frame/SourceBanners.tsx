import { Alert } from '@backstage/ui';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import { formatAge, formatClock } from '../format';
import { useNow } from './useNow';

/** A source this much older than the rest is mentioned even if it calls itself well. */
const NOTABLE_LAG_MS = 30_000;

interface SourceWords {
  name: string;
  /** What the page loses without it. */
  part: string;
}

const WORDS: Record<SourceStatus['id'], SourceWords> = {
  kubernetes: {
    name: 'Kubernetes',
    part: 'Rules, policies and pods are not known.',
  },
  prometheus: {
    name: 'Prometheus',
    part: 'Rates, shares and latencies are missing.',
  },
  traces: { name: 'The tracing system', part: 'Traces are missing.' },
  kiali: { name: 'Kiali', part: 'Its second opinion is missing.' },
};

/** Grows every second: to be seen, not to be read out each time. The clock time beside it says the same once. */
function Age(props: { age: string | undefined }) {
  return <span aria-hidden>{props.age}</span>;
}

function oneBanner(source: SourceStatus, newest: number, now: number) {
  const { name, part } = WORDS[source.id];
  const asOf = source.asOf === undefined ? undefined : Date.parse(source.asOf);
  const age = asOf === undefined ? undefined : formatAge(now - asOf);
  const since = source.since && ` since ${formatClock(source.since)}`;

  switch (source.status) {
    case 'down':
      return {
        status: 'danger' as const,
        title: `${name} does not answer${since ?? ''}`,
        description: [source.message, part, 'The rest of the page holds.'],
      };
    case 'stale':
      return {
        status: 'warning' as const,
        title: (
          <>
            {name}: what is shown is <Age age={age} /> old
          </>
        ),
        description: [
          asOf === undefined
            ? undefined
            : `It was true at ${formatClock(asOf)}.`,
          source.message,
        ],
      };
    case 'absent':
      return source.id === 'kiali'
        ? undefined
        : {
            status: 'info' as const,
            title: `${name} is not configured`,
            description: [source.message ?? part],
          };
    default:
      return asOf !== undefined && newest - asOf > NOTABLE_LAG_MS
        ? {
            status: 'info' as const,
            title: (
              <>
                {name} is <Age age={formatAge(newest - asOf)} /> behind
              </>
            ),
            description: [
              `It was true at ${formatClock(asOf)}.`,
              source.message,
            ],
          }
        : undefined;
  }
}

/** One line for each source of data that is ill: which, since when, what still holds. */
export function SourceBanners(props: { sources: SourceStatus[] }) {
  const now = useNow();
  const newest = Math.max(
    ...props.sources.map(({ asOf }) => (asOf ? Date.parse(asOf) : 0)),
  );
  return (
    <>
      {props.sources.map(source => {
        const banner = oneBanner(source, newest, now);
        return (
          banner && (
            <Alert
              key={source.id}
              role="alert"
              status={banner.status}
              icon
              title={banner.title}
              description={banner.description.filter(Boolean).join(' ')}
            />
          )
        );
      })}
    </>
  );
}

/** True where no source has anything fresh: the page then is a picture of the past. */
export function allIll(sources: SourceStatus[]): boolean {
  const configured = sources.filter(({ status }) => status !== 'absent');
  return (
    configured.length > 0 &&
    configured.every(({ status }) => status === 'down' || status === 'stale')
  );
}
