/** What kind of service it is: the styles differ in their routes and ports. */
export type GeneratedStyle = 'plain' | 'canary' | 'httpRoute' | 'grpc';

/** The numbers in which services of one style differ. */
export interface GeneratedSettings {
  timeoutSeconds: number;
  retryAttempts: number;
  canaryWeight: number;
  stableWeight: number;
  maxConnections: number;
  samplingPercentage: number;
}

/** One service of a generated mesh; all of it follows from its index. */
export interface GeneratedService {
  name: string;
  namespace: string;
  style: GeneratedStyle;
  settings: GeneratedSettings;
  /** The principals that may call it. */
  callers: readonly [string, string];
}

export const SERVICES_PER_NAMESPACE = 10;

const STYLES: Readonly<Record<number, GeneratedStyle>> = {
  4: 'canary',
  7: 'httpRoute',
  9: 'grpc',
};
const INGRESS =
  'cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account';

/** The service with an index that counts from 1. */
export function generatedService(index: number): GeneratedService {
  const position = positionOf(index);
  const canaryWeight = 5 + ((index * 7) % 40);
  return {
    name: nameOf(index),
    namespace: namespaceOf(index),
    style: STYLES[position] ?? 'plain',
    settings: {
      timeoutSeconds: 2 + (index % 14),
      retryAttempts: 1 + (index % 4),
      canaryWeight,
      stableWeight: 100 - canaryWeight,
      maxConnections: 50 * (1 + (index % 20)),
      samplingPercentage: 1 + (index % 25),
    },
    callers: [
      principalOf(parentOf(index)) ?? INGRESS,
      principalOf(neighbourOf(index)) ?? INGRESS,
    ],
  };
}

/** Where in its namespace a service stands; the first is called from outside. */
export function positionOf(index: number): number {
  return (index - 1) % SERVICES_PER_NAMESPACE;
}

/** The service that calls this one while it answers: a tree in each namespace. */
export function parentOf(index: number): number | undefined {
  const position = positionOf(index);
  return position === 0
    ? undefined
    : index - position + Math.floor((position - 1) / 2);
}

/** The service before, which calls this one of its own accord; for a namespace's first it is another namespace's last. */
export function neighbourOf(index: number): number | undefined {
  return index > 1 && index - 1 !== parentOf(index) ? index - 1 : undefined;
}

export function nameOf(index: number): string {
  return `service-${String(index).padStart(4, '0')}`;
}

export function namespaceOf(index: number): string {
  const number = Math.ceil(index / SERVICES_PER_NAMESPACE);
  return `team-${String(number).padStart(3, '0')}`;
}

function principalOf(index: number | undefined): string | undefined {
  return index === undefined
    ? undefined
    : `cluster.local/ns/${namespaceOf(index)}/sa/${nameOf(index)}`;
}
