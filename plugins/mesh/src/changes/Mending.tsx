import { type ReactNode, useCallback, useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  Finding,
  MendIntent,
  MendRequest,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { ChangeFrame } from './ChangeFrame';
import { MendContext } from '../view/findings/useMend';
import { useChange } from './useChange';

/** Lets every finding below it that can be mended be mended, with a preview first. */
export function Mending(props: {
  address: ViewAddress;
  onApplied: () => void;
  children: ReactNode;
}) {
  const { address, onApplied, children } = props;
  const api = useApi(meshApiRef);
  const calls = useMemo(
    () => ({
      subjectOf: ({ code }: MendIntent) => code,
      preview: (intent: MendIntent) => api.previewMend(address, intent),
      apply: (request: MendRequest) => api.applyMend(address, request),
    }),
    [api, address],
  );
  const change = useChange(calls, onApplied);
  const { preview } = change;
  const mend = useCallback(
    ({ code, object, path }: Finding) => preview({ code, object, path }),
    [preview],
  );
  return (
    <MendContext.Provider value={mend}>
      <ChangeFrame change={change}>{children}</ChangeFrame>
    </MendContext.Provider>
  );
}
