import type {
  FormMessageKey,
  IntentField,
  IntentForm,
} from './forms/IntentForm';
import { POLICY_FORMS } from './forms/policyForms';
import { ROUTE_FORMS } from './forms/routeForms';
import { WORKLOAD_FORMS } from './forms/workloadForms';

export type { IntentField, IntentSubject } from './forms/IntentForm';

/** What can be wanted, and what has to be asked for it. An empty field leaves out what it asks. */
export const INTENT_FORMS = {
  ...ROUTE_FORMS,
  ...POLICY_FORMS,
  ...WORKLOAD_FORMS,
};

/** The name of an intent that a form asks for. */
export type IntentName = keyof typeof INTENT_FORMS;

export function intentForm(name: IntentName): IntentForm {
  return INTENT_FORMS[name];
}

/** Why what stands in a field does not do; undefined where it does. */
export function fieldProblem(
  { kind, isOptional }: IntentField,
  text: string,
): FormMessageKey | undefined {
  if (text.trim() === '') {
    return isOptional ? undefined : 'intents.needed';
  }
  if (kind === 'whole' && !/^\d{1,9}$/.test(text)) {
    return 'intents.wholeRule';
  }
  return (kind === 'seconds' || kind === 'number') &&
    !/^\d{1,6}(\.\d{1,3})?$/.test(text)
    ? 'intents.numberRule'
    : undefined;
}
