import { NotFoundError } from '@backstage/errors';
import type {
  Finding,
  KialiOpinion,
  Placement,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import { Settled, settled } from '../sources/settled';
import type { Sources } from '../sources/Sources';
import { opinion } from './opinion';

/** Kiali's second opinion, shown beside ours. A Kiali that fails costs only this. */
export class KialiService {
  static create(options: { sources: Sources }) {
    return new KialiService(options.sources);
  }

  private constructor(private readonly sources: Sources) {}

  async opinion(
    placement: Placement,
    ours: { verdict: Verdict; findings: readonly Finding[] },
  ): Promise<Settled<KialiOpinion>> {
    const kiali = this.sources.kiali(placement.cluster);
    const { value, source } = await settled('kiali', kiali?.report(placement));
    return {
      value: value &&
        kiali && { ...opinion(value, ours), links: kiali.links(placement) },
      source,
    };
  }

  /** @throws NotFoundError where the cluster has no Kiali. */
  links(placement: Placement): KialiOpinion['links'] {
    const kiali = this.sources.kiali(placement.cluster);
    if (!kiali) {
      throw new NotFoundError(
        'No Kiali is configured for this cluster: set mesh.kiali.url.',
      );
    }
    return kiali.links(placement);
  }
}
