import { useCallback, useEffect, useRef, useState } from 'react';
import type {
  ApplyResult,
  ChangeConflictError,
  ChangeLock,
  ChangePreview,
  ConflictDetails,
} from '@meshdeck/plugin-mesh-common';
import { useIntent } from '../view/useIntent';

/** How far a change has come. */
export type ChangeStage<Intent> =
  | { stage: 'none' }
  | { stage: 'previewing'; intent: Intent }
  | { stage: 'previewed'; intent: Intent; preview: ChangePreview }
  | { stage: 'applying'; intent: Intent; preview: ChangePreview }
  | {
      stage: 'conflict';
      intent: Intent;
      preview: ChangePreview;
      conflict: ConflictDetails;
    }
  | {
      stage: 'failed';
      intent: Intent;
      /** Absent where the preview itself failed. */
      preview?: ChangePreview;
      error: Error;
    }
  | { stage: 'applied'; sentence: string; remark?: string; request?: string };

/** What a person said when they applied a change. */
interface Consent {
  takeOver: boolean;
  reason?: string;
  /** As a pull request, rather than in the cluster. */
  asPullRequest?: boolean;
}

export interface Change<Intent> {
  state: ChangeStage<Intent>;
  /** What the last change that went through did. */
  applied?: Pick<ApplyResult, 'sentence' | 'remark' | 'request'>;
  /** How many went through. */
  changes: number;
  preview(intent: Intent): void;
  /** Applies what was previewed, with the version seen then as the lock. */
  apply(options: Consent): void;
  close(): void;
}

function isConflict(error: Error): error is ChangeConflictError {
  return error.name === 'ChangeConflictError';
}

/** Whether nobody can say what became of it. */
export function isUnknown(error: Error): boolean {
  return error.name === 'UnknownOutcomeError';
}

/** The two requests of one kind of change. */
export interface ChangeCalls<Intent> {
  /** What analytics calls it. */
  subjectOf(intent: Intent): string;
  preview(intent: Intent): Promise<ChangePreview>;
  apply(request: Intent & ChangeLock): Promise<ApplyResult>;
}

/** The stage of a change, and whether an answer still belongs to it. */
function useStage<Intent>() {
  const [state, setState] = useState<ChangeStage<Intent>>({ stage: 'none' });
  /** Counts the steps, so that the answer to a step that was left behind changes nothing. */
  const step = useRef(0);
  useEffect(
    () => () => {
      step.current += 1;
    },
    [],
  );
  const enter = useCallback((next: ChangeStage<Intent>) => {
    step.current += 1;
    setState(next);
    return step.current;
  }, []);
  const isCurrent = useCallback((mine: number) => mine === step.current, []);
  return { state, enter, isCurrent };
}

function failedStage<Intent>(
  intent: Intent,
  preview: ChangePreview,
  error: Error,
): ChangeStage<Intent> {
  return isConflict(error)
    ? { stage: 'conflict', intent, preview, conflict: error.conflict }
    : { stage: 'failed', intent, preview, error };
}

function lockOf(seen: ChangePreview, consent: Consent): ChangeLock {
  return {
    resourceVersion: seen.resourceVersion,
    first:
      seen.first.length > 0
        ? seen.first.map(({ object, resourceVersion }) => ({
            object,
            resourceVersion,
          }))
        : undefined,
    takeOver: consent.takeOver || undefined,
    reason: consent.reason?.trim() || undefined,
    asPullRequest: consent.asPullRequest,
    requestHead: consent.asPullRequest
      ? seen.pullRequest?.updates?.head
      : undefined,
  };
}

/** Leads a change through preview, apply and, where somebody was faster, conflict. `calls` stay the same from render to render. */
export function useChange<Intent>(
  calls: ChangeCalls<Intent>,
  onApplied: () => void,
): Change<Intent> {
  const { state, enter, isCurrent } = useStage<Intent>();
  const tell = useIntent();
  const [changes, setChanges] = useState(0);

  const preview = useCallback(
    async (intent: Intent) => {
      tell('preview', calls.subjectOf(intent));
      const mine = enter({ stage: 'previewing', intent });
      const next = await calls.preview(intent).then(
        (answer): ChangeStage<Intent> => ({
          stage: 'previewed',
          intent,
          preview: answer,
        }),
        (error): ChangeStage<Intent> => ({ stage: 'failed', intent, error }),
      );
      if (isCurrent(mine)) enter(next);
    },
    [calls, enter, isCurrent, tell],
  );

  const apply = useCallback(
    async (options: Consent) => {
      if (state.stage !== 'previewed') return;
      const { intent, preview: seen } = state;
      tell('apply', calls.subjectOf(intent));
      const mine = enter({ stage: 'applying', intent, preview: seen });
      try {
        const { sentence, remark, request } = await calls.apply({
          ...intent,
          ...lockOf(seen, options),
        });
        if (!isCurrent(mine)) return;
        enter({ stage: 'applied', sentence, remark, request });
        setChanges(count => count + 1);
      } catch (error) {
        if (!isCurrent(mine)) return;
        enter(failedStage(intent, seen, error as Error));
      }
      // Whatever happened, the page should show what the cluster has now.
      onApplied();
    },
    [calls, enter, isCurrent, onApplied, state, tell],
  );

  return {
    state,
    applied: state.stage === 'applied' ? state : undefined,
    changes,
    preview,
    apply,
    close: useCallback(() => {
      enter({ stage: 'none' });
    }, [enter]),
  };
}
