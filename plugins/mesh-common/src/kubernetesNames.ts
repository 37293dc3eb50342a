const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const GROUP_VERSION = new RegExp(
  `^(${LABEL}(\\.${LABEL})*/)?v\\d{1,4}((alpha|beta)\\d{1,4})?$`,
);

/** The name of a namespace or of a Service, as Kubernetes allows it. @public */
export function isDnsLabel(name: string): boolean {
  return DNS_LABEL.test(name);
}

/** The name of most other objects, as Kubernetes allows it. @public */
export function isObjectName(name: string): boolean {
  return name.length <= 253 && DNS_SUBDOMAIN.test(name);
}

/** `v1`, `apps/v1`, `networking.istio.io/v1alpha3`. @public */
export function isApiVersion(text: string): boolean {
  return text.length <= 253 && GROUP_VERSION.test(text);
}
