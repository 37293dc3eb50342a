import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { Fenced } from './Fenced';
import type { Lease } from './Lease';
import type { LeaseStore } from './LeaseStore';

/** A lease in the hands of whoever does the work: renewed as long as he does, and of no use any more once somebody else has it. */
export class HeldLease<State extends JsonObject = JsonObject> {
  static hold<State extends JsonObject>(options: {
    leases: LeaseStore;
    lease: Lease<State>;
    leaseMs: number;
  }) {
    return new HeldLease(options);
  }

  private readonly renewing: NodeJS.Timeout;

  private constructor(
    private readonly options: {
      leases: LeaseStore;
      lease: Lease<State>;
      leaseMs: number;
    },
  ) {
    const { leases, lease, leaseMs } = options;
    this.renewing = setInterval(() => {
      leases.renew(lease, leaseMs).catch(error => {
        // What is not renewed runs out; the next fenced write finds out.
        if (error instanceof Fenced) this.release();
      });
    }, leaseMs / 3);
  }

  get name(): string {
    return this.options.lease.name;
  }

  /** When it was found due, by the database's clock, in milliseconds. */
  get foundAt(): number {
    return this.options.lease.foundAt;
  }

  get state(): State {
    return this.options.lease.state;
  }

  /** @throws Fenced where somebody else has it by now: then nothing of the work was done. */
  fenced<T>(work: (tx: Knex) => Promise<T>): Promise<T> {
    const { leases, lease, leaseMs } = this.options;
    return leases.fenced(lease, leaseMs, work);
  }

  /** It is not renewed any more. */
  release(): void {
    clearInterval(this.renewing);
  }
}
