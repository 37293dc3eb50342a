import { MeshFleet } from './MeshFleet';

/** The new frontend system gives a page its header, and leaves what is under it to the page. */
export function FleetPage() {
  return (
    <main>
      <MeshFleet />
    </main>
  );
}
