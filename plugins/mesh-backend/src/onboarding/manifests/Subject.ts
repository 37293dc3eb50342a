import { resolveHost, serviceHost } from '@meshdeck/istio-config';

/** The service that is onboarded: manifests may concern it and nothing else. */
export interface Subject {
  namespace: string;
  name: string;
  /** The entity that it will be. */
  entityRef: string;
  /** Who owns the entity, as an entity reference. */
  owner: string;
  /** Kubernetes' cluster domain. */
  domain: string;
}

/** Its full host name. */
export function hostOf({ namespace, name, domain }: Subject): string {
  return serviceHost(namespace, name, domain);
}

/** Whether a host names the service, in whichever way. */
export function isOwnHost(subject: Subject, host: string): boolean {
  const { namespace, domain } = subject;
  return resolveHost(host, namespace, domain) === hostOf(subject);
}
