import { type ReactNode, useCallback, useState } from 'react';
import type { ViewBase } from '@meshdeck/plugin-mesh-common';
import type { MeshView } from '../view/fetching/useMeshView';
import { ViewFrame } from '../view/frame/ViewFrame';
import { ChangesPanel } from './ChangesPanel';
import { Changing } from './Changing';
import { Mending } from './Mending';

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
  return (
    <ViewFrame view={mesh}>
      {view =>
        address ? (
          <Mending
            key={address.placement}
            address={address}
            onApplied={onApplied}
          >
            <Changing address={address} onApplied={onApplied}>
              {children(view, onApplied)}
              <ChangesPanel address={address} made={made} />
            </Changing>
          </Mending>
        ) : (
          children(view, onApplied)
        )
      }
    </ViewFrame>
  );
}
