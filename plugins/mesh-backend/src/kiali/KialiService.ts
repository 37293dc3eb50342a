import type { KialiOpinion, Placement } from '@meshdeck/plugin-mesh-common';
import { Settled, settled } from '../sources/settled';
import type { Sources } from '../sources/Sources';
import { opinion, OwnOpinion } from './opinion';

/** Kiali's second opinion, shown beside ours. A Kiali that fails costs only this; its links stay. */
export class KialiService {
  static create(options: { sources: Sources }) {
    return new KialiService(options.sources);
  }

  private constructor(private readonly sources: Sources) {}

  async opinion(
    placement: Placement,
    ours: OwnOpinion | Promise<OwnOpinion>,
  ): Promise<Settled<KialiOpinion>> {
    const kiali = this.sources.kiali(placement.cluster);
    const [{ value, source }, own] = await Promise.all([
      settled('kiali', kiali?.report(placement)),
      ours,
    ]);
    return {
      value: kiali && {
        ...(value ? opinion(value, own) : { validations: [] }),
        links: kiali.links(placement),
      },
      source,
    };
  }
}
