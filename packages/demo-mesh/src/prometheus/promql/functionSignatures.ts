import type { ValueType } from './expressions';

/** What a function takes; `optional` of its last arguments may be left out. */
export interface FunctionSignature {
  args: readonly ValueType[];
  optional?: number;
}

/** The functions the demo knows. */
export const FUNCTIONS: Readonly<
  Record<string, FunctionSignature | undefined>
> = {
  rate: { args: ['matrix'] },
  irate: { args: ['matrix'] },
  increase: { args: ['matrix'] },
  histogram_quantile: { args: ['scalar', 'vector'] },
  clamp_min: { args: ['vector', 'scalar'] },
  clamp_max: { args: ['vector', 'scalar'] },
  round: { args: ['vector', 'scalar'], optional: 1 },
  abs: { args: ['vector'] },
  vector: { args: ['scalar'] },
  scalar: { args: ['vector'] },
  time: { args: [] },
  absent: { args: ['vector'] },
  label_replace: { args: ['vector', 'string', 'string', 'string', 'string'] },
};
