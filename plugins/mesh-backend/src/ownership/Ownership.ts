import type { EntityIndex } from '../access/EntityIndex';
import { EntityClaims } from './EntityClaims';

/** How long the catalog's entities are taken for what they are. */
const ENTITIES_MS = 5000;

/** What the catalog's entities claim, put in order once for all who ask within some seconds. */
export class Ownership {
  static create(options: { entities: Pick<EntityIndex, 'all'> }) {
    return new Ownership(options.entities);
  }

  private known: { at: number; claims: EntityClaims } | undefined;

  private constructor(private readonly entities: Pick<EntityIndex, 'all'>) {}

  claims(): EntityClaims {
    const now = Date.now();
    if (!this.known || now - this.known.at > ENTITIES_MS) {
      this.known = { at: now, claims: EntityClaims.of(this.entities.all()) };
    }
    return this.known.claims;
  }
}
