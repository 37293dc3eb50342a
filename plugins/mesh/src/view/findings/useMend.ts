import { createContext, useContext } from 'react';
import type { Finding } from '@meshdeck/plugin-mesh-common';

/** Previews the mend of a finding. */
export type Mend = (finding: Finding) => void;

/** Empty where nothing can be changed, as in a preview of a change. */
export const MendContext = createContext<Mend | undefined>(undefined);

export function useMend(): Mend | undefined {
  return useContext(MendContext);
}
