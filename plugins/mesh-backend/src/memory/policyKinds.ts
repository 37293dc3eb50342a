/** They are for workloads, whichever Services stand before these, and say who may call them. */
export const POLICY_KINDS: readonly string[] = [
  'PeerAuthentication',
  'AuthorizationPolicy',
];
