import type { z } from 'zod/v3';

/** The zod that the registry hands out. */
export type Zod = typeof z;

/** Input of every action. */
export const placementFields = (zod: Zod) => ({
  entityRef: zod
    .string()
    .describe('Reference of the catalog entity, as component:default/shop'),
  placement: zod
    .string()
    .optional()
    .describe(
      'Which of its placements, as cluster:namespace:service. By default the first.',
    ),
});

export const verdictField = (zod: Zod) =>
  zod
    .object({
      level: zod.enum(['ok', 'warning', 'error', 'unknown']),
      sentence: zod.string(),
    })
    .describe('Whether it is all right, in one sentence, worst thing first');

/** Of the last 15 minutes; what nobody measured is left out. */
export const figureFields = (zod: Zod) => ({
  requestsPerSecond: zod.number().optional(),
  errorShare: zod.number().optional().describe('0 to 1'),
  p99Ms: zod.number().optional(),
});

export const findingField = (zod: Zod) =>
  zod.object({
    code: zod.string().describe('Istio’s own code, or ours: MD…'),
    level: zod.enum(['error', 'warning', 'info']),
    object: zod.string().describe('Kind namespace/name'),
    path: zod.string().optional(),
    message: zod.string(),
    fix: zod.string(),
  });

export const objectField = (zod: Zod) =>
  zod.string().optional().describe('The deciding object, Kind namespace/name');
