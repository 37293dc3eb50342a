/** The version of Istio that the stand-in claims to be. */
export const ISTIO_VERSION = '1.29.2';
