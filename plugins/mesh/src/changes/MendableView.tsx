import { type ReactNode, useCallback, useState } from 'react';
import type { ViewBase } from '@meshdeck/plugin-mesh-common';
import type { MeshView } from '../view/fetching/useMeshView';
import { ViewFrame } from '../view/frame/ViewFrame';
import { ChangesPanel } from './ChangesPanel';
import { Changing } from './Changing';
import { CannotContext } from '../view/useCannot';
import { Mending } from './Mending';
import { useChanges } from './useChanges';

/** As long as nobody said otherwise. */
const ALL = {};

/** A view in its frame, in which what can be mended or changed can be, and what was changed is told. */
export function MendableView<V extends ViewBase>(props: {
  view: MeshView<V>;
  /** `onApplied` is for what changes the service in a way of its own. */
  children: (view: V, onApplied: () => void) => ReactNode;
}) {
  const { view: mesh, children } = props;
  const { address, refresh } = mesh;
  const [made, setMade] = useState(0);
  const onApplied = useCallback(() => {
    refresh();
    setMade(count => count + 1);
  }, [refresh]);
  const changes = useChanges(address, made);
  const cannot = changes.answer?.cannot ?? ALL;
  return (
    <ViewFrame view={mesh}>
      {view =>
        address ? (
          <CannotContext.Provider value={cannot}>
            <Mending
              key={address.placement}
              address={address}
              onApplied={onApplied}
            >
              <Changing address={address} onApplied={onApplied}>
                {children(view, onApplied)}
                <ChangesPanel changes={changes} />
              </Changing>
            </Mending>
          </CannotContext.Provider>
        ) : (
          children(view, onApplied)
        )
      }
    </ViewFrame>
  );
}
