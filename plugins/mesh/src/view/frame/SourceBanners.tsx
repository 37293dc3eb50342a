import { Alert } from '@backstage/ui';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import type { Format } from '../../format';
import { useFormat } from '../../translations/useFormat';
import {
  useMeshTranslation,
  type Translate,
} from '../../translations/useMeshTranslation';
import { useNow } from '../useNow';

/** A source this much older than the rest is mentioned even if it calls itself well. */
const NOTABLE_LAG_MS = 30_000;

/** Grows every second: to be seen, not to be read out each time. The clock time beside it says the same once. */
function Age(props: { age: string | undefined }) {
  return <span aria-hidden>{props.age}</span>;
}

function oneBanner(
  source: SourceStatus,
  newest: number,
  now: number,
  t: Translate,
  format: Format,
) {
  const name = t(`sources.${source.id}`);
  const part = t(`sources.${source.id}Part`);
  const asOf = source.asOf === undefined ? undefined : Date.parse(source.asOf);
  const age = asOf === undefined ? undefined : format.age(now - asOf);

  switch (source.status) {
    case 'down':
      return {
        status: 'danger' as const,
        title: source.since
          ? t('sources.downSince', { name, time: format.clock(source.since) })
          : t('sources.down', { name }),
        description: [source.message, part, t('sources.rest')],
      };
    case 'partial':
      return {
        status: 'warning' as const,
        title: t('sources.partial', { name }),
        description: [source.message, t('sources.rest')],
      };
    case 'stale':
      return {
        status: 'warning' as const,
        title: <>{t('sources.stale', { name, age: <Age age={age} /> })}</>,
        description: [
          asOf === undefined
            ? undefined
            : t('sources.trueAt', { time: format.clock(asOf) }),
          source.message,
        ],
      };
    case 'absent':
      return source.id === 'kiali'
        ? undefined
        : {
            status: 'info' as const,
            title: t('sources.absent', { name }),
            description: [source.message ?? part],
          };
    default:
      return asOf !== undefined && newest - asOf > NOTABLE_LAG_MS
        ? {
            status: 'info' as const,
            title: (
              <>
                {t('sources.behind', {
                  name,
                  age: <Age age={format.age(newest - asOf)} />,
                })}
              </>
            ),
            description: [
              t('sources.trueAt', { time: format.clock(asOf) }),
              source.message,
            ],
          }
        : undefined;
  }
}

/** One line for each source of data that fails: which, since when, what still holds. */
export function SourceBanners(props: { sources: SourceStatus[] }) {
  const now = useNow();
  const { t } = useMeshTranslation();
  const format = useFormat();
  const newest = Math.max(
    ...props.sources.map(({ asOf }) => (asOf ? Date.parse(asOf) : 0)),
  );
  return (
    <>
      {props.sources.map(source => {
        const banner = oneBanner(source, newest, now, t, format);
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
export function allSourcesFail(sources: SourceStatus[]): boolean {
  const configured = sources.filter(({ status }) => status !== 'absent');
  return (
    configured.length > 0 &&
    configured.every(({ status }) => status === 'down' || status === 'stale')
  );
}
