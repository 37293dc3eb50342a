import type { RuleName, ServiceIntent } from '@meshdeck/plugin-mesh-common';
import type { MeshMessageKey } from '../../translations/useMeshTranslation';

/** What a form says; the two that name something are said by its buttons. */
export type FormMessageKey = Exclude<
  Extract<MeshMessageKey, `intents.${string}`>,
  'intents.of' | 'intents.forRule'
>;

/** What is known of what is to be changed. */
export interface IntentSubject {
  /** Of a rule; absent for the mesh's own default rule. */
  rule?: RuleName;
  /** What can be chosen from, by the name of the field. */
  choices?: Readonly<Record<string, readonly string[]>>;
  /** What stands in a field at first, by its name. */
  answers?: Readonly<Record<string, string>>;
}

/** One question of a form. */
export interface IntentField {
  name: string;
  label: FormMessageKey;
  kind: 'whole' | 'number' | 'seconds' | 'text' | 'choice' | 'list';
  /** Where nothing is chosen, the first. */
  options?: readonly string[];
  /** What stands in it at first. */
  initial?: string;
  isOptional?: boolean;
}

export type Values = Readonly<Record<string, string>>;

export interface IntentForm {
  title: FormMessageKey;
  hint: FormMessageKey;
  fields: readonly IntentField[];
  what: (values: Values, subject: IntentSubject) => ServiceIntent;
  /** For how many milliseconds, where it ends by itself. */
  lastsMs?: (values: Values) => number;
}
