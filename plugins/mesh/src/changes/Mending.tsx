import { type ReactNode, useCallback, useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  Finding,
  MendIntent,
  MendRequest,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { AppliedAlert } from './AppliedAlert';
import { ChangeDialog } from './ChangeDialog';
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
  const { t } = useMeshTranslation();
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
      <AppliedAlert change={change} />
      {children}
      <ChangeDialog change={change} why={t('change.reasonLogged')} />
    </MendContext.Provider>
  );
}
