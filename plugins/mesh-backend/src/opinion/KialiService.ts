import type {
  KialiOpinion,
  Placement,
  SourceStatus,
} from '@meshdeck/plugin-mesh-common';
import { settled } from '../sources/settled';
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
  ): Promise<{ value?: KialiOpinion; source: SourceStatus }> {
    const kiali = this.sources.kiali(placement.cluster);
    const [{ values, source }, own] = await Promise.all([
      settled('kiali', { report: kiali?.report(placement) }),
      ours,
    ]);
    return {
      value: kiali && {
        ...(values.report ? opinion(values.report, own) : { validations: [] }),
        links: kiali.links(placement),
      },
      source,
    };
  }
}
