import { Text } from '@backstage/ui';
import type { CallerView, ObjectRef } from '@meshdeck/plugin-mesh-common';
import { UNKNOWN } from '../format';
import { FirstRows } from '../view/table/FirstRows';
import { OwnerLink } from '../view/table/OwnerLink';
import { PlacedName } from '../view/table/PlacedName';
import { ScrollTable } from '../view/table/ScrollTable';
import { StatusMark } from '../view/verdict/StatusMark';
import table from '../view/table/table.module.css';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import type { CallerRow } from './callerRows';
import { NextSteps } from './NextSteps';
import styles from './SecurityTab.module.css';

const ENCRYPTED = {
  yes: { level: 'ok', words: 'callers.encryptedYes' },
  partly: { level: 'warning', words: 'callers.encryptedPartly' },
  no: { level: 'error', words: 'callers.encryptedNo' },
  unknown: { level: 'unknown', words: 'callers.encryptedUnknown' },
} as const;

const ALLOWED = {
  yes: { level: 'ok', words: 'callers.allowedYes' },
  partly: { level: 'info', words: 'callers.allowedPartly' },
  no: { level: 'error', words: 'callers.allowedNo' },
} as const;

/** The metrics have the same 403 for both. */
const REFUSED_BY = {
  no: 'callers.byPolicies',
  yes: 'callers.byApplication',
  partly: 'callers.byEither',
} as const;

function Allowed(props: { caller: CallerView }) {
  const { allowed, allowedOperations } = props.caller;
  const { level, words } = ALLOWED[allowed];
  const { t } = useMeshTranslation();
  return (
    <>
      <StatusMark level={level} size={14}>
        {allowed !== 'no' && allowedOperations.length === 0
          ? t('callers.allowedEverything', { allowed: t(words) })
          : t(words)}
      </StatusMark>
      {allowed !== 'no' && allowedOperations.length > 0 && (
        <ul className={table.plain}>
          {allowedOperations.map(operation => (
            <li key={operation}>{operation}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** How much of its calls is answered 403, and by whom. */
function Refused(props: { row: CallerRow }) {
  const { caller, refusedPerSecond } = props.row;
  const { t } = useMeshTranslation();
  const format = useFormat();
  if (!caller || caller.deniedShare === undefined) {
    return <>{UNKNOWN}</>;
  }
  if (refusedPerSecond === 0) {
    return <>{t('words.none')}</>;
  }
  return (
    <>
      <StatusMark level="warning" size={14}>
        {t('callers.refusedShare', {
          share: format.share(caller.deniedShare),
          rate: format.rate(refusedPerSecond),
        })}
      </StatusMark>
      <div className={table.quiet}>{t(REFUSED_BY[caller.allowed])}</div>
    </>
  );
}

function Why(props: {
  row: CallerRow;
  isStrict: boolean;
  onOpen: (object: ObjectRef) => void;
}) {
  const { row, isStrict, onOpen } = props;
  const { caller, blockedByStrict: why } = row;
  const { t } = useMeshTranslation();
  return (
    <>
      {caller?.why}
      {why !== undefined && (
        <div>
          <StatusMark level={isStrict ? 'error' : 'warning'} size={14}>
            {isStrict
              ? t('strict.blocks', { why })
              : t('strict.wouldBlock', { why })}
          </StatusMark>
        </div>
      )}
      {caller && <NextSteps caller={caller} onOpen={onOpen} />}
    </>
  );
}

function CallerCells(props: { row: CallerRow }) {
  const { row } = props;
  const { caller } = row;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const encrypted = ENCRYPTED[caller?.encrypted ?? 'no'];
  return (
    <>
      <th scope="row" title={caller?.principal}>
        <PlacedName {...row} />
      </th>
      <td className={table.number}>{format.rate(row.requestsPerSecond)}</td>
      <td>
        <StatusMark level={encrypted.level} size={14}>
          {t(encrypted.words)}
        </StatusMark>
      </td>
      <td className={styles.allowed}>
        {caller ? <Allowed caller={caller} /> : UNKNOWN}
      </td>
      <td className={styles.refused}>
        <Refused row={row} />
      </td>
    </>
  );
}

/** Who calls or may call: how, by which rule, what of it is refused, and what STRICT would make of it. */
export function CallersTable(props: {
  rows: CallerRow[];
  /** STRICT is in force already. */
  isStrict: boolean;
  /** Whether anybody could be seen calling. */
  isWatched: boolean;
  onOpen: (object: ObjectRef) => void;
}) {
  const { rows, isStrict, isWatched, onOpen } = props;
  const { t } = useMeshTranslation();
  if (rows.length === 0) {
    return (
      <Text>{isWatched ? t('callers.none') : t('callers.noneKnown')}</Text>
    );
  }
  return (
    <FirstRows of={rows}>
      {shown => (
        <ScrollTable
          label={t('security.callers')}
          head={
            <tr>
              <th scope="col">{t('callers.caller')}</th>
              <th scope="col">{t('callers.calls')}</th>
              <th scope="col">{t('callers.encrypted')}</th>
              <th scope="col">{t('callers.allowed')}</th>
              <th scope="col">{t('callers.refused')}</th>
              <th scope="col">{t('callers.why')}</th>
              <th scope="col">{t('words.owner')}</th>
            </tr>
          }
        >
          {shown.map(row => (
            <tr key={row.id}>
              <CallerCells row={row} />
              <td className={table.sentence}>
                <Why row={row} isStrict={isStrict} onOpen={onOpen} />
              </td>
              <td>
                <OwnerLink of={row} />
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </FirstRows>
  );
}
