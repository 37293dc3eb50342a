import { Text } from '@backstage/ui';
import type { CallerView } from '@meshdeck/plugin-mesh-common';
import { OwnerLink } from '../view/table/OwnerLink';
import { PlacedName } from '../view/table/PlacedName';
import { ScrollTable } from '../view/table/ScrollTable';
import table from '../view/table/table.module.css';
import { useFormat } from '../translations/useFormat';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';

/** The metrics have the same 403 for both. */
function suspect({ allowed, why }: CallerView, t: Translate): string {
  if (allowed === 'no') return t('denials.byPolicies', { why });
  return allowed === 'yes'
    ? t('denials.byApplication')
    : t('denials.byEither', { why });
}

/** Who was answered 403 in this time. */
export function Denials(props: { callers: CallerView[] }) {
  const { t } = useMeshTranslation();
  const format = useFormat();
  const denied = props.callers.flatMap(caller => {
    const { deniedShare = 0, requestsPerSecond = 0 } = caller;
    const rate = deniedShare * requestsPerSecond;
    return rate > 0 ? [{ caller, rate }] : [];
  });
  if (denied.length === 0) {
    return <Text>{t('denials.none')}</Text>;
  }
  return (
    <ScrollTable
      label={t('security.denials')}
      head={
        <tr>
          <th scope="col">{t('callers.caller')}</th>
          <th scope="col">{t('denials.denied')}</th>
          <th scope="col">{t('denials.share')}</th>
          <th scope="col">{t('denials.by')}</th>
          <th scope="col">{t('words.owner')}</th>
        </tr>
      }
    >
      {denied.map(({ caller, rate }) => (
        <tr key={`${caller.namespace}/${caller.name}`}>
          <th scope="row">
            <PlacedName name={caller.name} namespace={caller.namespace} />
          </th>
          <td className={table.number}>{format.rate(rate)}</td>
          <td className={table.number}>{format.share(caller.deniedShare)}</td>
          <td className={table.sentence}>{suspect(caller, t)}</td>
          <td>
            <OwnerLink of={caller} />
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}
