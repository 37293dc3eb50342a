import { createContext, useContext } from 'react';
import type { ServiceChangeIntent } from '@meshdeck/plugin-mesh-common';

/** The way to change a service from its page. */
interface ChangingService {
  /** Shows what an intent would do. */
  preview(intent: ServiceChangeIntent): void;
  /** How many changes went through since the page was opened. */
  made: number;
}

/** Empty where nothing can be changed. */
export const ChangingContext = createContext<ChangingService | undefined>(
  undefined,
);

export function useChanging(): ChangingService | undefined {
  return useContext(ChangingContext);
}
