import { useState, type ReactNode } from 'react';
import {
  Alert,
  Button,
  Checkbox,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Skeleton,
  Text,
  TextField,
  VisuallyHidden,
} from '@backstage/ui';
import type {
  ChangedObject,
  ChangePreview,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { ErrorAlert } from '../view/errors/ErrorAlert';
import legible from '../view/legible.module.css';
import { YamlDiff } from './YamlDiff';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';
import { ConflictBody } from './ConflictBody';
import { PreviewBody } from './PreviewBody';
import { RequestPreview } from './RequestPreview';
import { type Change, type ChangeStage, isUnknown } from './useChange';
import { useCloseLabel } from './useCloseLabel';
import styles from './ChangeDialog.module.css';

function needsTakeOver(preview: ChangePreview): boolean {
  return preview.takesOverFrom.length > 0 || preview.revertedBy !== undefined;
}

function takeOverWords(
  { takesOverFrom, revertedBy }: ChangePreview,
  t: Translate,
): string {
  const parts = [
    takesOverFrom.length > 0 &&
      t('change.takeOver', { managers: takesOverFrom.join(', ') }),
    revertedBy && t('change.although', { tool: revertedBy }),
  ].filter(Boolean);
  return t('change.iKnow', { parts: parts.join(t('change.and')) });
}

function titleOf(state: ChangeStage<unknown>, t: Translate): string {
  switch (state.stage) {
    case 'conflict':
      return t('change.conflict');
    case 'failed':
      if (isUnknown(state.error)) return t('change.unknown');
      return state.preview ? t('change.nothing') : t('change.noPreview');
    default:
      return t('change.preview');
  }
}

/** One object, before and after. */
function ObjectDiff(props: { changed: ChangedObject }) {
  const { object, before, after } = props.changed;
  const { t } = useMeshTranslation();
  const label = t('change.changes', { object: formatObject(object) });
  return (
    <>
      <Text as="h3" variant="body-medium" weight="bold">
        {label}
      </Text>
      <YamlDiff before={before} after={after} label={label} />
    </>
  );
}

function PreviewDialogBody<Intent>(props: {
  change: Change<Intent>;
  why: string;
}) {
  const { change, why } = props;
  const { state } = change;
  const { t } = useMeshTranslation();
  const [takeOver, setTakeOver] = useState(false);
  const [reason, setReason] = useState('');
  const [isAsRequest, setAsRequest] = useState(false);
  if (state.stage !== 'previewed' && state.stage !== 'applying') {
    return null;
  }
  const { preview } = state;
  const objects = [...preview.first, preview];
  const isNothing = objects.every(({ before, after }) => before === after);
  const isHeld = preview.isRequestOnly || (needsTakeOver(preview) && !takeOver);
  const { pullRequest: request } = preview;
  const mayPropose = (request?.files ?? []).length > 0;
  const isApplying = state.stage === 'applying';
  const apply = (asPullRequest?: true) => {
    setAsRequest(asPullRequest ?? false);
    change.apply({ takeOver, reason, asPullRequest });
  };
  return (
    <>
      <DialogBody>
        <div className={styles.dialog}>
          <PreviewBody preview={preview} />
          {objects.map(each => (
            <ObjectDiff key={formatObject(each.object)} changed={each} />
          ))}
          {request && <RequestPreview request={request} />}
          {!isNothing && (
            <TextField
              label={why}
              value={reason}
              onChange={setReason}
              maxLength={200}
            />
          )}
          {needsTakeOver(preview) && !preview.isRequestOnly && (
            <Checkbox isSelected={takeOver} onChange={setTakeOver}>
              {takeOverWords(preview, t)}
            </Checkbox>
          )}
        </div>
      </DialogBody>
      <DialogFooter className={styles.footer}>
        <Button variant="secondary" onPress={change.close}>
          {t('change.cancel')}
        </Button>
        <Button
          variant={mayPropose ? 'secondary' : 'primary'}
          isPending={isApplying && !isAsRequest}
          isDisabled={!preview.dryRun.ok || isNothing || isHeld}
          onPress={() => apply()}
        >
          {t('change.apply')}
        </Button>
        {mayPropose && (
          <Button
            variant="primary"
            isPending={isApplying && isAsRequest}
            isDisabled={!preview.dryRun.ok || isNothing}
            onPress={() => apply(true)}
          >
            {t(request?.updates ? 'request.update' : 'request.open')}
          </Button>
        )}
      </DialogFooter>
    </>
  );
}

function PreviewingBody() {
  const { t } = useMeshTranslation();
  return (
    <DialogBody>
      <div className={styles.dialog} role="status">
        <VisuallyHidden>{t('change.working')}</VisuallyHidden>
        <Skeleton width="70%" height={24} />
        <Skeleton width="100%" height={180} />
      </div>
    </DialogBody>
  );
}

function FailedBody(props: { error: Error; wasPreviewed: boolean }) {
  const { error, wasPreviewed } = props;
  const { t } = useMeshTranslation();
  return (
    <div className={styles.dialog}>
      {isUnknown(error) ? (
        <Alert
          role="alert"
          status="warning"
          icon
          title={error.message}
          description={t('change.unknownFix')}
        />
      ) : (
        <ErrorAlert error={error} asked="change" />
      )}
      {wasPreviewed && (
        <Alert status="info" icon title={t('change.lookAgain')} />
      )}
    </div>
  );
}

/** What did not happen, and a way to try again from what is there now. */
function RetryBody(props: {
  onClose: () => void;
  onRetry: () => void;
  children: ReactNode;
}) {
  const { onClose, onRetry, children } = props;
  const { t } = useMeshTranslation();
  return (
    <>
      <DialogBody>{children}</DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onClose}>
          {t('change.close')}
        </Button>
        <Button variant="primary" onPress={onRetry}>
          {t('change.again')}
        </Button>
      </DialogFooter>
    </>
  );
}

function StageBody<Intent>(props: { change: Change<Intent>; why: string }) {
  const { change, why } = props;
  const { state } = change;
  switch (state.stage) {
    case 'previewing':
      return <PreviewingBody />;
    case 'previewed':
    case 'applying':
      return (
        <PreviewDialogBody
          // Consent counts for the preview it was given to.
          key={[...state.preview.first, state.preview]
            .map(({ resourceVersion }) => resourceVersion)
            .join(' ')}
          change={change}
          why={why}
        />
      );
    case 'conflict':
      return (
        <RetryBody
          onClose={change.close}
          onRetry={() => change.preview(state.intent)}
        >
          <ConflictBody preview={state.preview} conflict={state.conflict} />
        </RetryBody>
      );
    case 'failed':
      return (
        <RetryBody
          onClose={change.close}
          onRetry={() => change.preview(state.intent)}
        >
          <FailedBody
            error={state.error}
            wasPreviewed={state.preview !== undefined}
          />
        </RetryBody>
      );
    default:
      return null;
  }
}

/** Shows what would happen, applies it, and says what came of it. */
export function ChangeDialog<Intent>(props: {
  change: Change<Intent>;
  /** Asks for the reason, and says where it is kept. */
  why: string;
}) {
  const { change, why } = props;
  const { state } = change;
  const { t } = useMeshTranslation();
  const isOpen = state.stage !== 'none' && state.stage !== 'applied';

  return (
    <Dialog
      ref={useCloseLabel()}
      isOpen={isOpen}
      onOpenChange={open => {
        if (!open && state.stage !== 'applying') change.close();
      }}
      className={legible.legible}
      width={760}
    >
      <DialogHeader>{titleOf(state, t)}</DialogHeader>
      <StageBody change={change} why={why} />
    </Dialog>
  );
}
