import { useState } from 'react';
import {
  Alert,
  Button,
  Checkbox,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Skeleton,
  VisuallyHidden,
} from '@backstage/ui';
import type { ChangePreview } from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { ErrorAlert } from '../frame/ErrorAlert';
import { YamlDiff } from '../frame/YamlDiff';
import { ConflictBody } from './ConflictBody';
import { PreviewBody } from './PreviewBody';
import type { ChangeStage, WeightChange } from './useWeightChange';
import styles from './CanaryTab.module.css';

function needsTakeOver(preview: ChangePreview): boolean {
  return preview.takesOverFrom.length > 0 || preview.revertedBy !== undefined;
}

function takeOverWords({ takesOverFrom, revertedBy }: ChangePreview): string {
  const parts = [
    takesOverFrom.length > 0 &&
      `take these fields over from ${takesOverFrom.join(', ')}`,
    revertedBy && `apply although ${revertedBy} will revert it`,
  ].filter(Boolean);
  return `I know what this does: ${parts.join(', and ')}.`;
}

function titleOf(state: ChangeStage): string {
  switch (state.stage) {
    case 'conflict':
      return 'Somebody else changed it first';
    case 'failed':
      return state.preview ? 'Nothing was changed' : 'No preview';
    default:
      return 'Preview of the change';
  }
}

function PreviewDialogBody(props: { change: WeightChange }) {
  const { change } = props;
  const { state } = change;
  const [takeOver, setTakeOver] = useState(false);
  if (state.stage !== 'previewed' && state.stage !== 'applying') {
    return null;
  }
  const { preview } = state;
  const isNothing = preview.before === preview.after;
  const isHeld = needsTakeOver(preview) && !takeOver;
  return (
    <>
      <DialogBody>
        <div className={styles.dialog}>
          <PreviewBody preview={preview} />
          <YamlDiff
            before={preview.before}
            after={preview.after}
            label={`What changes in ${formatObject(preview.object)}`}
          />
          {needsTakeOver(preview) && (
            <Checkbox isSelected={takeOver} onChange={setTakeOver}>
              {takeOverWords(preview)}
            </Checkbox>
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={change.close}>
          Cancel
        </Button>
        <Button
          variant="primary"
          isPending={state.stage === 'applying'}
          isDisabled={!preview.dryRun.ok || isNothing || isHeld}
          onPress={() => change.apply({ takeOver })}
        >
          Apply
        </Button>
      </DialogFooter>
    </>
  );
}

/** Shows what would happen, applies it, and says what came of it. */
export function ChangeDialog(props: { change: WeightChange }) {
  const { change } = props;
  const { state } = change;
  const isOpen = state.stage !== 'none' && state.stage !== 'applied';

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={open => {
        if (!open && state.stage !== 'applying') change.close();
      }}
      width={760}
    >
      <DialogHeader>{titleOf(state)}</DialogHeader>
      {state.stage === 'previewing' && (
        <DialogBody>
          <div className={styles.dialog} role="status">
            <VisuallyHidden>Working out what would change</VisuallyHidden>
            <Skeleton width="70%" height={24} />
            <Skeleton width="100%" height={180} />
          </div>
        </DialogBody>
      )}
      {(state.stage === 'previewed' || state.stage === 'applying') && (
        <PreviewDialogBody
          // Consent counts for the preview it was given to.
          key={state.preview.resourceVersion}
          change={change}
        />
      )}
      {state.stage === 'conflict' && (
        <>
          <DialogBody>
            <ConflictBody preview={state.preview} conflict={state.conflict} />
          </DialogBody>
          <DialogFooter>
            <Button variant="secondary" onPress={change.close}>
              Close
            </Button>
            <Button
              variant="primary"
              onPress={() => change.preview(state.intent)}
            >
              Preview again
            </Button>
          </DialogFooter>
        </>
      )}
      {state.stage === 'failed' && (
        <>
          <DialogBody>
            <div className={styles.dialog}>
              <ErrorAlert error={state.error} asked="change" />
              {state.preview && (
                <Alert
                  status="info"
                  icon
                  title="Look at the preview again before you apply it again"
                />
              )}
            </div>
          </DialogBody>
          <DialogFooter>
            <Button variant="secondary" onPress={change.close}>
              Close
            </Button>
            <Button
              variant="primary"
              onPress={() => change.preview(state.intent)}
            >
              Preview again
            </Button>
          </DialogFooter>
        </>
      )}
    </Dialog>
  );
}
