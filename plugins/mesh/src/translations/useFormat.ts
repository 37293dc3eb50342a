import { formatIn, type Format } from '../format';
import { useMeshTranslation } from './useMeshTranslation';

/** Numbers and times in the language that the words of the page are in. */
export function useFormat(): Format {
  const { t } = useMeshTranslation();
  return formatIn({
    locale: t('formats.locale'),
    requestsPerSecond: t('formats.requestsPerSecond'),
    connectionsPerSecond: t('formats.connectionsPerSecond'),
  });
}
