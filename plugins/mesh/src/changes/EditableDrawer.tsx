import { type FormEvent, useState } from 'react';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
  TextAreaField,
} from '@backstage/ui';
import {
  EDITABLE_KINDS,
  type ObjectYaml,
  permissionsToEdit,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { ObjectDrawer, type OpenObject } from '../view/drawer/ObjectDrawer';
import legible from '../view/legible.module.css';
import { useCannot } from '../view/useCannot';
import { useChanging } from './useChanging';
import { useCloseLabel } from './useCloseLabel';
import styles from './ChangeDialog.module.css';

const ROWS = 24;

function refOf({ apiVersion, kind, namespace, name }: ObjectYaml) {
  return { apiVersion, kind, namespace, name };
}

function isSameVersion(a: ObjectYaml, b: ObjectYaml): boolean {
  return (
    formatObject(a) === formatObject(b) &&
    a.resourceVersion === b.resourceVersion
  );
}

function Actions(props: {
  object: ObjectYaml;
  onEdit: () => void;
  onClose: () => void;
}) {
  const { object, onEdit, onClose } = props;
  const { t } = useMeshTranslation();
  const preview = useChanging();
  const cannot = useCannot()(permissionsToEdit(object));
  const isDisabled = cannot !== undefined;
  if (!preview || !EDITABLE_KINDS.includes(object.kind)) {
    return null;
  }
  return (
    <>
      <Button
        size="small"
        variant="secondary"
        isDisabled={isDisabled}
        onPress={onEdit}
      >
        {t('editing.edit')}
      </Button>
      <Button
        size="small"
        variant="secondary"
        isDisabled={isDisabled}
        onPress={() => {
          onClose();
          preview({
            what: {
              intent: 'deleteObject',
              object: refOf(object),
              seen: object.resourceVersion ?? '',
            },
          });
        }}
      >
        {t('editing.delete')}
      </Button>
      {cannot && (
        <Text as="p" variant="body-small" color="secondary">
          {cannot}
        </Text>
      )}
    </>
  );
}

function TextForm(props: {
  object: ObjectYaml;
  yaml: string;
  onChange: (yaml: string) => void;
  onDone: () => void;
}) {
  const { object, yaml, onChange, onDone } = props;
  const { t } = useMeshTranslation();
  const preview = useChanging();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    preview?.({
      what: {
        intent: 'editObject',
        object: refOf(object),
        seen: object.resourceVersion ?? '',
        yaml,
      },
    });
    onDone();
  };
  return (
    <form onSubmit={submit}>
      <DialogBody>
        <div className={styles.dialog}>
          <Text color="secondary">{t('editing.hint')}</Text>
          <TextAreaField
            label={t('editing.yaml')}
            className={styles.yaml}
            rows={ROWS}
            value={yaml}
            onChange={onChange}
            spellCheck="false"
          />
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onDone}>
          {t('change.cancel')}
        </Button>
        <Button
          type="submit"
          variant="primary"
          isDisabled={yaml === object.yaml || yaml.trim() === ''}
        >
          {t('intents.preview')}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** An object's drawer from which it can be edited as text, or deleted, where the page can change things. */
export function EditableDrawer(
  props: Omit<Parameters<typeof ObjectDrawer>[0], 'actions'> & {
    open: OpenObject | undefined;
  },
) {
  const { onClose } = props;
  const { t } = useMeshTranslation();
  const closeLabel = useCloseLabel();
  const [edited, setEdited] = useState<ObjectYaml>();
  /** Kept where a preview says that something is wrong with it. */
  const [draft, setDraft] = useState<{ of: ObjectYaml; yaml: string }>();
  const done = () => setEdited(undefined);
  return (
    <>
      <ObjectDrawer
        {...props}
        actions={object => (
          <Actions
            object={object}
            onClose={onClose}
            onEdit={() => {
              // Two layers would fight for the focus.
              onClose();
              setEdited(object);
            }}
          />
        )}
      />
      <Dialog
        ref={closeLabel}
        isOpen={edited !== undefined}
        onOpenChange={isOpen => {
          if (!isOpen) done();
        }}
        className={legible.legible}
        width={760}
      >
        {edited && (
          <>
            <DialogHeader>
              {t('editing.of', { object: formatObject(edited) })}
            </DialogHeader>
            <TextForm
              object={edited}
              yaml={
                draft && isSameVersion(draft.of, edited)
                  ? draft.yaml
                  : edited.yaml
              }
              onChange={yaml => setDraft({ of: edited, yaml })}
              onDone={done}
            />
          </>
        )}
      </Dialog>
    </>
  );
}
