import { eventually } from '../eventually';
import { onPortal, type Portal } from '../portal';
import { KeptConfiguration } from './KeptConfiguration';

const NAMESPACES = ['orion', 'orion-staging'];
/** Each proxy takes a change up for itself: what shows once may be of one that was faster than others. */
const IN_A_ROW = 2;
const IN_FORCE_WITHIN_SECONDS = 30;

/** A test that changes the mesh on the page. Afterwards the mesh is as it was, also where the test failed. */
export function onMesh(
  name: string,
  body: (portal: Portal) => Promise<void>,
): void {
  onPortal(
    name,
    async portal => {
      const kept = await KeptConfiguration.of(NAMESPACES);
      try {
        await body(portal);
      } finally {
        await kept.restore();
      }
    },
    120,
  );
}

/** Until this holds for all proxies that have a part in it. */
export async function inForce(check: () => Promise<void>): Promise<void> {
  await eventually(async () => {
    for (let i = 0; i < IN_A_ROW; i++) {
      await check();
    }
  }, IN_FORCE_WITHIN_SECONDS);
}
