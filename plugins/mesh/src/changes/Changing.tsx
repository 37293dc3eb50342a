import { type ReactNode, useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  ServiceChangeIntent,
  ServiceChangeRequest,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { ChangeFrame } from './ChangeFrame';
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
  return (
    <ChangingContext.Provider value={change.preview}>
      <ChangeFrame change={change}>{children}</ChangeFrame>
    </ChangingContext.Provider>
  );
}
