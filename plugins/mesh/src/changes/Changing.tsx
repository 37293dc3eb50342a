import { type ReactNode, useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  ServiceChangeIntent,
  ServiceChangeRequest,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { AppliedAlert } from './AppliedAlert';
import { ChangeDialog } from './ChangeDialog';
import { ChangingContext } from './useChanging';
import { useChange } from './useChange';

/** Lets everything below it that can be changed be changed, with a preview first. */
export function Changing(props: {
  address: ViewAddress;
  onApplied: () => void;
  children: ReactNode;
}) {
  const { address, onApplied, children } = props;
  const api = useApi(meshApiRef);
  const { t } = useMeshTranslation();
  const calls = useMemo(
    () => ({
      subjectOf: ({ what }: ServiceChangeIntent) => what.intent,
      preview: (intent: ServiceChangeIntent) =>
        api.previewChange(address, intent),
      apply: (request: ServiceChangeRequest) =>
        api.applyChange(address, request),
    }),
    [api, address],
  );
  const change = useChange(calls, onApplied);
  const { preview, changes } = change;
  const changing = useMemo(
    () => ({ preview: preview, made: changes }),
    [preview, changes],
  );
  return (
    <ChangingContext.Provider value={changing}>
      <AppliedAlert change={change} />
      {children}
      <ChangeDialog change={change} why={t('change.reasonShown')} />
    </ChangingContext.Provider>
  );
}
