import type { Entity } from '@backstage/catalog-model';

const LOCATION = /^meshdeck:(.+)\/([^/]+\/[^/]+)$/;

/** The Service that an entity came from. */
export class OnboardedPlace {
  /** Undefined for an entity that did not come from a cluster. */
  static of({ metadata }: Entity): OnboardedPlace | undefined {
    const location =
      metadata.annotations?.['backstage.io/managed-by-location'] ?? '';
    const [, cluster, service] = LOCATION.exec(location) ?? [];
    return cluster && service
      ? new OnboardedPlace(cluster, service)
      : undefined;
  }

  private constructor(
    readonly cluster: string,
    /** `namespace/name` */
    readonly service: string,
  ) {}

  isSameAs({ cluster, service }: OnboardedPlace): boolean {
    return this.cluster === cluster && this.service === service;
  }
}
