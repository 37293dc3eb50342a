import type { CallerView, ObjectRef } from '@meshdeck/plugin-mesh-common';
import { IntentButtons } from '../changes/ChangeForm';
import { formatObject } from '../format';
import { TextButton } from '../view/table/TextButton';
import table from '../view/table/table.module.css';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import styles from './SecurityTab.module.css';

/** What can be done for a caller that is refused: look at the policy that does, or allow it. */
export function NextSteps(props: {
  caller: CallerView;
  onOpen: (object: ObjectRef) => void;
}) {
  const { caller, onOpen } = props;
  const { name, allowed, principal, decidedBy = [], deniedShare = 0 } = caller;
  const { t } = useMeshTranslation();
  if (allowed === 'yes' || (allowed === 'partly' && deniedShare === 0)) {
    return null;
  }
  return (
    <div className={styles.steps}>
      {decidedBy.map(policy => (
        <TextButton key={formatObject(policy)} onPress={() => onOpen(policy)}>
          {t('callers.showPolicy', { name: policy.name })}
        </TextButton>
      ))}
      {principal ? (
        <IntentButtons
          intents={['allowCaller']}
          subject={{ answers: { principal } }}
          about={name}
        />
      ) : (
        <span className={table.quiet}>{t('callers.noIdentity')}</span>
      )}
    </div>
  );
}
