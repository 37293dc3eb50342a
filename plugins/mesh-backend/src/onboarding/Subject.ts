/** The service that is onboarded. */
export interface Subject {
  namespace: string;
  name: string;
  /** The entity that it will be. */
  entityRef: string;
  /** Who owns the entity, as an entity reference. */
  owner: string;
}
