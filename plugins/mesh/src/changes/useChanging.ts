import { createContext, useContext } from 'react';
import type { ServiceChangeIntent } from '@meshdeck/plugin-mesh-common';

/** Shows what an intent would do. */
type PreviewChange = (intent: ServiceChangeIntent) => void;

/** Empty where nothing can be changed. */
export const ChangingContext = createContext<PreviewChange | undefined>(
  undefined,
);

export function useChanging(): PreviewChange | undefined {
  return useContext(ChangingContext);
}
