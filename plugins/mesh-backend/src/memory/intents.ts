/** What the memory calls a service that was brought into the mesh. */
export const ONBOARD = 'onboard';
