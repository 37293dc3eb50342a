import { InputError } from '@backstage/errors';
import {
  FLEET_SORTS,
  FleetChangesQuery,
  FleetQuery,
} from '@meshdeck/plugin-mesh-common';
import { z } from 'zod';

const name = z.string().min(1).max(253);

const fleetQuery = z.object({
  text: z.string().max(200).optional(),
  level: z.enum(['ok', 'warning', 'error', 'unknown', 'attention']).optional(),
  cluster: name.optional(),
  namespace: name.optional(),
  owner: z.string().min(1).max(500).optional(),
  sort: z.enum(FLEET_SORTS as [string, ...string[]]).optional(),
  descending: z
    .enum(['true', 'false'])
    .transform(value => value === 'true')
    .optional(),
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
});

const fleetChangesQuery = z.object({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});

/** The filters, order and page of a request. @throws InputError naming the part that does not fit. */
export function readFleetQuery(query: unknown): FleetQuery {
  return parsed(fleetQuery, query) as FleetQuery;
}

/** The page of changes that a request asks for. @throws InputError naming the part that does not fit. */
export function readFleetChangesQuery(query: unknown): FleetChangesQuery {
  return parsed(fleetChangesQuery, query);
}

function parsed<T>(schema: z.ZodType<T>, query: unknown): T {
  const result = schema.safeParse(query);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(`${issue.path.join('.')}: ${issue.message}`);
  }
  return result.data;
}
