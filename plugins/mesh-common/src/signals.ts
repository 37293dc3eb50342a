/** The channel of Backstage's signals on which a placement's changes are told. @public */
export function meshSignalChannel(placementId: string): string {
  return `mesh:placement:${placementId}`;
}
