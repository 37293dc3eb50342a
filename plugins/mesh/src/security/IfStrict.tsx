import type { StrictOutlook } from '@meshdeck/plugin-mesh-common';
import { OwnerLink } from '../view/table/OwnerLink';
import { PlacedName } from '../view/table/PlacedName';
import { ScrollTable } from '../view/table/ScrollTable';
import { StatusMark } from '../view/verdict/StatusMark';
import table from '../view/table/table.module.css';
import { useFormat } from '../translations/useFormat';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';

function summary({ isStrict, breaks, isWatched }: StrictOutlook, t: Translate) {
  const count = breaks.length;
  if (count > 0) {
    return isStrict
      ? ({ level: 'error', words: t('strict.isCutOff', { count }) } as const)
      : ({
          level: 'warning',
          words: t('strict.wouldBeCutOff', { count }),
        } as const);
  }
  if (!isWatched) {
    return { level: 'unknown', words: t('strict.unknown') } as const;
  }
  return {
    level: 'ok',
    words: isStrict ? t('strict.isWell') : t('strict.wouldBeWell'),
  } as const;
}

/** Who is cut off when only mTLS is let in. */
export function IfStrict(props: { outlook: StrictOutlook }) {
  const { outlook } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const { level, words } = summary(outlook, t);
  return (
    <>
      <StatusMark level={level}>{words}</StatusMark>
      {outlook.breaks.length > 0 && (
        <ScrollTable
          label={t('security.isStrict')}
          head={
            <tr>
              <th scope="col">{t('strict.who')}</th>
              <th scope="col">{t('callers.calls')}</th>
              <th scope="col">{t('callers.why')}</th>
              <th scope="col">{t('words.owner')}</th>
            </tr>
          }
        >
          {outlook.breaks.map(cut => (
            <tr key={`${cut.namespace}/${cut.name}`}>
              <th scope="row">
                <PlacedName {...cut} />
              </th>
              <td className={table.number}>
                {format.rate(cut.requestsPerSecond)}
              </td>
              <td className={table.sentence}>{cut.why}</td>
              <td>
                <OwnerLink of={cut} />
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </>
  );
}
