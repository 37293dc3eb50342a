/** Where the routes of an entity are. */
export const ENTITY = '/v1/entities/:kind/:namespace/:name';

/** Where the routes of one of its placements are. */
export const PLACEMENT = `${ENTITY}/placements/:placement`;
