import { useCallback } from 'react';
import { useAnalytics } from '@backstage/frontend-plugin-api';

/** What a person can set out to do on these pages; docs/operation.md lists the subjects of each. */
export type Intent =
  | 'try'
  | 'preview'
  | 'apply'
  | 'search'
  | 'open'
  | 'compare'
  | 'download';

/** Tells the portal's analytics what a person sets out to do: never what they typed, nor names from the cluster. */
export function useIntent(): (intent: Intent, subject: string) => void {
  const analytics = useAnalytics();
  return useCallback(
    (intent, subject) => analytics.captureEvent(intent, subject),
    [analytics],
  );
}
