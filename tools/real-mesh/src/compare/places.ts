export const OWN_NAMESPACES = 'compare-';
export const ONE = 'compare-one';
export const TWO = 'compare-two';
export const PLAIN = 'compare-plain';
export const EDGE = 'compare-edge';

/** The Service without an address of its own. */
export const HEADLESS = 'heads';

/** A Service of a configuration’s own, for the app `a`. */
export const NEAR = 'near';

/** The certificate of the gateway. */
export const CREDENTIAL = 'edge-certificate';

/** Written as the address of endpoints outside the mesh; in its place comes that of a pod that has no proxy. */
export const OUTSIDE = '240.0.0.78';
/** Written as the keys of an issuer; in their place come those that tokens are signed with. */
export const KEYS = 'keys of the issuers';

export const PORTS = [
  { name: 'http', port: 80, targetPort: 8080 },
  { name: 'http-alt', port: 81, targetPort: 8081 },
  { name: 'grpc', port: 7070 },
  { name: 'tcp', port: 9000 },
  { name: 'tls', port: 9443, targetPort: 9000 },
];
