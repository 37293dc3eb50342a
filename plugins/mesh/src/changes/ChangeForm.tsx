import { type FormEvent, useState } from 'react';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Select,
  Text,
  TextField,
} from '@backstage/ui';
import { FORM_PERMISSIONS } from '@meshdeck/plugin-mesh-common';
import legible from '../view/legible.module.css';
import { useCannot } from '../view/useCannot';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import {
  fieldProblem,
  type IntentField,
  intentForm,
  type IntentName,
  type IntentSubject,
} from './intentForms';
import { EndNote } from './EndNote';
import { useChanging } from './useChanging';
import { useCloseLabel } from './useCloseLabel';
import styles from './ChangeDialog.module.css';

function optionsOf(field: IntentField, subject: IntentSubject) {
  return field.options ?? subject.choices?.[field.name] ?? [];
}

function Field(props: {
  field: IntentField;
  options: readonly string[];
  value: string;
  onChange: (value: string) => void;
}) {
  const { field, options, value, onChange } = props;
  const { t } = useMeshTranslation();
  const problem = fieldProblem(field, value);
  if (field.kind === 'choice' && options.length > 0) {
    return (
      <Select
        label={t(field.label)}
        options={options.map(id => ({ id, label: id }))}
        value={value}
        onChange={chosen => onChange(String(chosen))}
      />
    );
  }
  return (
    <TextField
      label={t(field.label)}
      size="small"
      value={value}
      onChange={onChange}
      isInvalid={value !== '' && problem !== undefined}
      description={value !== '' && problem ? t(problem) : undefined}
    />
  );
}

function IntentFields(props: {
  name: IntentName;
  subject: IntentSubject;
  onDone: () => void;
}) {
  const { name, subject, onDone } = props;
  const { t } = useMeshTranslation();
  const preview = useChanging();
  const form = intentForm(name);
  const [given, setGiven] = useState<Record<string, string>>({});
  const values = Object.fromEntries(
    form.fields.map(field => [
      field.name,
      given[field.name] ??
        subject.answers?.[field.name] ??
        field.initial ??
        optionsOf(field, subject)[0] ??
        '',
    ]),
  );
  const isComplete = form.fields.every(
    field => fieldProblem(field, values[field.name]) === undefined,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isComplete) return;
    preview?.({ what: form.what(values, subject) });
    onDone();
  };
  return (
    <form onSubmit={submit}>
      <DialogBody>
        <div className={styles.dialog}>
          <Text color="secondary">{t(form.hint)}</Text>
          {form.fields.map(field => (
            <Field
              key={field.name}
              field={field}
              options={optionsOf(field, subject)}
              value={values[field.name]}
              onChange={value =>
                setGiven(known => ({ ...known, [field.name]: value }))
              }
            />
          ))}
          {form.lastsMs && isComplete && (
            <EndNote lastsMs={form.lastsMs(values)} />
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onDone}>
          {t('change.cancel')}
        </Button>
        <Button type="submit" variant="primary" isDisabled={!isComplete}>
          {t('intents.preview')}
        </Button>
      </DialogFooter>
    </form>
  );
}

interface ChangeFormProps {
  intents: readonly IntentName[];
  subject?: IntentSubject;
  /** What the buttons are about, for those who do not see where they stand. */
  about: string;
}

/** Why the reader may not want some of these; undefined for what they may. */
function useWhyNot(): (name: IntentName) => string | undefined {
  const cannot = useCannot();
  return name => cannot([FORM_PERMISSIONS[name]]);
}

/** A button for each thing that can be wanted of something; each asks what it needs, and then shows what it would do. */
export function IntentButtons(props: ChangeFormProps) {
  const { intents, subject = {}, about } = props;
  const { t } = useMeshTranslation();
  const preview = useChanging();
  const [open, setOpen] = useState<IntentName>();
  const closeLabel = useCloseLabel();
  const whyNot = useWhyNot();
  if (!preview) {
    return null;
  }
  return (
    <>
      <div className={styles.intents}>
        {intents.map(name => (
          <Button
            key={name}
            size="small"
            variant="secondary"
            isDisabled={whyNot(name) !== undefined}
            aria-label={t('intents.of', {
              intent: t(intentForm(name).title),
              about,
            })}
            onPress={() => setOpen(name)}
          >
            {t(intentForm(name).title)}
          </Button>
        ))}
      </div>
      <Dialog
        ref={closeLabel}
        isOpen={open !== undefined}
        onOpenChange={isOpen => {
          if (!isOpen) setOpen(undefined);
        }}
        className={legible.legible}
        width={520}
      >
        {open && (
          <>
            <DialogHeader>
              {t('intents.of', { intent: t(intentForm(open).title), about })}
            </DialogHeader>
            <IntentFields
              key={open}
              name={open}
              subject={subject}
              onDone={() => setOpen(undefined)}
            />
          </>
        )}
      </Dialog>
    </>
  );
}

/** The buttons, and below them which permission is missing for those that cannot be used. */
export function ChangeForm(props: ChangeFormProps) {
  const preview = useChanging();
  const whyNot = useWhyNot();
  if (!preview) {
    return null;
  }
  const missing = new Set(props.intents.flatMap(name => whyNot(name) ?? []));
  return (
    <>
      <IntentButtons {...props} />
      {[...missing].map(why => (
        <Text key={why} as="p" variant="body-small" color="secondary">
          {why}
        </Text>
      ))}
    </>
  );
}
