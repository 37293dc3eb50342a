/** Envoy's response flags that these pages have words for. */
const ENVOY_FLAGS = [
  'DC',
  'DI',
  'DPE',
  'DT',
  'FI',
  'IH',
  'NC',
  'NR',
  'OM',
  'RL',
  'RLSE',
  'SI',
  'UAEX',
  'UC',
  'UF',
  'UH',
  'UMSDR',
  'UO',
  'UPE',
  'UR',
  'URX',
  'UT',
] as const;

export type EnvoyFlag = (typeof ENVOY_FLAGS)[number];

/** Those of the flags that can be put into words, in the order of the list. */
export function knownFlags(written: readonly string[]): EnvoyFlag[] {
  return ENVOY_FLAGS.filter(flag => written.includes(flag));
}
