import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  ChangeConflictError,
  ChangePreview,
  ConflictDetails,
  ViewAddress,
  WeightIntent,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';

/** How far a change has come. */
export type ChangeStage =
  | { stage: 'none' }
  | { stage: 'previewing'; intent: WeightIntent }
  | { stage: 'previewed'; intent: WeightIntent; preview: ChangePreview }
  | { stage: 'applying'; intent: WeightIntent; preview: ChangePreview }
  | {
      stage: 'conflict';
      intent: WeightIntent;
      preview: ChangePreview;
      conflict: ConflictDetails;
    }
  | {
      stage: 'failed';
      intent: WeightIntent;
      /** Absent where the preview itself failed. */
      preview?: ChangePreview;
      error: Error;
    }
  | { stage: 'applied'; sentence: string };

export interface WeightChange {
  state: ChangeStage;
  /** The sentence of the last change that went through. */
  applied?: string;
  /** How many went through. */
  changes: number;
  preview(intent: WeightIntent): void;
  /** Applies what was previewed, with the version seen then as the lock. */
  apply(options: { takeOver: boolean; reason?: string }): void;
  close(): void;
}

function isConflict(error: Error): error is ChangeConflictError {
  return error.name === 'ChangeConflictError';
}

/** Leads a change of weights through preview, apply and, where somebody was faster, conflict. */
export function useWeightChange(
  address: ViewAddress,
  onApplied: () => void,
): WeightChange {
  const api = useApi(meshApiRef);
  const [state, setState] = useState<ChangeStage>({ stage: 'none' });
  const [changes, setChanges] = useState(0);
  /** Counts the steps, so that the answer to a step that was left behind changes nothing. */
  const step = useRef(0);
  useEffect(
    () => () => {
      step.current += 1;
    },
    [],
  );

  const enter = useCallback((next: ChangeStage) => {
    step.current += 1;
    setState(next);
    return step.current;
  }, []);

  const preview = useCallback(
    async (intent: WeightIntent) => {
      const mine = enter({ stage: 'previewing', intent });
      try {
        const answer = await api.previewWeights(address, intent);
        if (mine === step.current) {
          enter({ stage: 'previewed', intent, preview: answer });
        }
      } catch (error) {
        if (mine === step.current) {
          enter({ stage: 'failed', intent, error: error as Error });
        }
      }
    },
    [api, address, enter],
  );

  const apply = useCallback(
    async (options: { takeOver: boolean; reason?: string }) => {
      if (state.stage !== 'previewed') return;
      const { intent, preview: seen } = state;
      const mine = enter({ stage: 'applying', intent, preview: seen });
      try {
        const { sentence } = await api.applyWeights(address, {
          ...intent,
          resourceVersion: seen.resourceVersion,
          takeOver: options.takeOver || undefined,
          reason: options.reason?.trim() || undefined,
        });
        if (mine !== step.current) return;
        enter({ stage: 'applied', sentence });
        setChanges(count => count + 1);
        onApplied();
      } catch (reason) {
        if (mine !== step.current) return;
        const error = reason as Error;
        enter(
          isConflict(error)
            ? {
                stage: 'conflict',
                intent,
                preview: seen,
                conflict: error.conflict,
              }
            : { stage: 'failed', intent, preview: seen, error },
        );
        // Whatever happened, the page should show what the cluster has now.
        onApplied();
      }
    },
    [api, address, enter, onApplied, state],
  );

  return {
    state,
    applied: state.stage === 'applied' ? state.sentence : undefined,
    changes,
    preview,
    apply,
    close: useCallback(() => {
      enter({ stage: 'none' });
    }, [enter]),
  };
}
