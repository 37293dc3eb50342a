import type { ReactNode } from 'react';
import type { ViewBase } from '@meshdeck/plugin-mesh-common';
import type { MeshView } from '../view/fetching/useMeshView';
import { ViewFrame } from '../view/frame/ViewFrame';
import { ChangesPanel } from './ChangesPanel';
import { Changing } from './Changing';
import { Mending } from './Mending';

/** A view in its frame, in which what can be mended or changed can be, and what was changed is told. */
export function MendableView<V extends ViewBase>(props: {
  view: MeshView<V>;
  children: (view: V) => ReactNode;
}) {
  const { view: mesh, children } = props;
  const { address, refresh } = mesh;
  return (
    <ViewFrame view={mesh}>
      {view =>
        address ? (
          <Mending
            key={address.placement}
            address={address}
            onApplied={refresh}
          >
            <Changing address={address} onApplied={refresh}>
              {children(view)}
              <ChangesPanel address={address} />
            </Changing>
          </Mending>
        ) : (
          children(view)
        )
      }
    </ViewFrame>
  );
}
