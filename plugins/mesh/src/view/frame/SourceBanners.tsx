import type { ReactNode } from 'react';
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

interface Banner {
  status: 'danger' | 'warning' | 'info';
  title: ReactNode;
  description: (string | undefined)[];
}

interface BannerWords {
  t: Translate;
  format: Format;
}

function downBanner(source: SourceStatus, { t, format }: BannerWords): Banner {
  const name = t(`sources.${source.id}`);
  return {
    status: 'danger',
    title: source.since
      ? t('sources.downSince', { name, time: format.clock(source.since) })
      : t('sources.down', { name }),
    description: [
      source.message,
      t(`sources.${source.id}Part`),
      t('sources.rest'),
    ],
  };
}

/** A source that answers with what was true some time ago. */
function lateBanner(
  source: SourceStatus,
  kind: 'stale' | 'behind',
  lateMs: number | undefined,
  { t, format }: BannerWords,
): Banner {
  const name = t(`sources.${source.id}`);
  const age = (
    <Age age={lateMs === undefined ? undefined : format.age(lateMs)} />
  );
  return {
    status: kind === 'stale' ? 'warning' : 'info',
    title: <>{t(`sources.${kind}`, { name, age })}</>,
    description: [
      source.asOf && t('sources.trueAt', { time: format.clock(source.asOf) }),
      source.message,
    ],
  };
}

function bannerOf(
  source: SourceStatus,
  times: { newest: number; now: number },
  words: BannerWords,
): Banner | undefined {
  const { t } = words;
  const name = t(`sources.${source.id}`);
  const asOf = source.asOf === undefined ? undefined : Date.parse(source.asOf);
  switch (source.status) {
    case 'down':
      return downBanner(source, words);
    case 'partial':
      return {
        status: 'warning',
        title: t('sources.partial', { name }),
        description: [source.message, t('sources.rest')],
      };
    case 'stale':
      return lateBanner(source, 'stale', asOf && times.now - asOf, words);
    case 'absent':
      return source.id === 'kiali'
        ? undefined
        : {
            status: 'info',
            title: t('sources.absent', { name }),
            description: [source.message ?? t(`sources.${source.id}Part`)],
          };
    default:
      return asOf !== undefined && times.newest - asOf > NOTABLE_LAG_MS
        ? lateBanner(source, 'behind', times.newest - asOf, words)
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
        const banner = bannerOf(source, { newest, now }, { t, format });
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
